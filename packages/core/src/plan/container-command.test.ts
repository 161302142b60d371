import { describe, expect, it } from "vitest";
import { findingsOf, isolatedPlanOf } from "./plan-case.test-data.ts";

describe("in a default image", () => {
  it.each([
    ["/opt/bin/npx x", "npx x"],
    ["C:\\nodejs\\npx.cmd x", "npx x"],
    ["npx.cmd x", "npx x"],
    ["cmd /c npx x", "npx x"],
    ["cmd.exe /d /s /c npx.cmd x", "npx x"],
    ["powershell -Command npx x", "npx x"],
    ["sudo -E -u me npx x", "npx x"],
    ["time npx x", "npx x"],
    ["env A=b /opt/bin/npx x", "env A=b npx x"],
    ["/usr/bin/env npx x", "/usr/bin/env npx x"],
    ["env A=b npx x", "env A=b npx x"],
    ["py -3.12 -m x -3", "python -m x -3"],
    ["py.exe -m x", "python -m x"],
    ["/bin/bash start.sh", "/bin/bash start.sh"],
  ])("%s runs as %s", (written, expected) => {
    const [command, ...args] = written.split(" ");
    const input = { server: { command, args } };
    expect(isolatedPlanOf(input).command).toEqual(expected.split(" "));
    expect(findingsOf(input).map(({ code }) => code)).toEqual(written === expected ? [] : ["command_of_this_machine"]);
  });

  it.each([
    [["/bin/sh", "-c", "npx x"]],
    [["sh", "-c", "/opt/bin/npx"]],
    [["npx", "", "a b", "'\"$", "#", "--", "-n", "two\nlines", "ünï"]],
    [["env", "-S", "npx -y x", "y"]],
  ])("%j runs word for word", ([command, ...args]) => {
    expect(isolatedPlanOf({ server: { command, args } }).command).toEqual([command, ...args]);
  });
});

it("stays as it is in an image of the user's own", () => {
  const server = { command: "/opt/bin/npx", args: ["x"] };
  expect(isolatedPlanOf({ server, isolation: { image: "my:1" } })).toMatchObject({
    command: ["/opt/bin/npx", "x"],
    requiredPrograms: ["/opt/bin/npx"],
  });
});

describe("required programs", () => {
  it.each([
    [["npx", "x"], ["npx"]],
    [
      ["sh", "-c", "npx -y x"],
      ["sh", "npx"],
    ],
    [["bash", "-c", "cd /app && /opt/uvx x"], ["bash"]],
    [
      ["env", "A=b", "node", "x"],
      ["env", "node"],
    ],
    [["bash", "start.sh"], ["bash"]],
  ])("%j needs %j", ([command, ...args], programs) => {
    expect(isolatedPlanOf({ server: { command, args } }).requiredPrograms).toEqual(programs);
  });
});

describe("uv in an image of python", () => {
  const bootstrap = ["python3", "-c", expect.stringContaining("pip")];

  it.each([
    ["the default image", {}, "python:3.11"],
    ["the guide's own image", { image: "python:3.12-slim" }, "python:3.12-slim"],
    ["a mirrored one", { image: "r.example/library/python:3.12" }, "r.example/library/python:3.12"],
  ])("is installed first in %s", (_, isolation, image) => {
    const input = { server: { command: "uvx", args: ["x", "'a' b"] }, isolation };
    const plan = isolatedPlanOf(input);
    expect(plan).toMatchObject({ image, requiredPrograms: ["python3"] });
    expect(plan.command).toEqual([...bootstrap, "uvx", "x", "'a' b"]);
    expect(plan.env).toContainEqual(expect.objectContaining({ name: "MCPPROXY_UV_HOME", isSecret: false }));
    expect(findingsOf(input)).toMatchObject([{ code: "uv_bootstrap", severity: "hint" }]);
  });

  it("is installed behind a wrapper that only starts it", () => {
    const plan = isolatedPlanOf({ server: { command: "env", args: ["A=b", "/opt/bin/uvx", "x"] } });
    expect(plan.command).toEqual(["env", "A=b", ...bootstrap, "uvx", "x"]);
    expect(plan.requiredPrograms).toEqual(["env", "python3"]);
  });

  it.each([
    ["an image with uv", { command: "uvx" }, { image: "ghcr.io/astral-sh/uv:python3.12" }],
    ["a path in an image of the user's own", { command: "/usr/bin/uvx" }, { image: "python:3.12" }],
    ["a shell script", { command: "sh", args: ["-c", "uvx x"] }, {}],
    ["an image that only sounds like it", { command: "uvx" }, { image: "my-python:1" }],
  ])("is not installed with %s", (_, server, isolation) => {
    const plan = isolatedPlanOf({ server: { args: [], ...server }, isolation });
    expect(plan.command[0]).toBe(server.command);
    expect(plan.env.map(({ name }) => name)).not.toContain("MCPPROXY_UV_HOME");
  });
});
