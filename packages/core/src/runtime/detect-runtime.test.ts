import { describe, expect, it } from "vitest";
import { detectRuntime } from "./detect-runtime.ts";
import { runtimes } from "./runtime.ts";

it.each(runtimes.map((runtime) => [runtime]))("knows %s by its name", (runtime) => {
  expect(detectRuntime(runtime, [])).toMatchObject({ kind: "runtime", runtime });
});

describe("runtimes", () => {
  it.each([
    ["npx", ["-y", "x"], "npx"],
    ["/usr/local/bin/npx", [], "npx"],
    ["C:\\Program Files\\nodejs\\npx.cmd", [], "npx"],
    ["NPX.CMD", [], "npx"],
    ["python3", [], "python"],
    ["/opt/venv/bin/python3.11", [], "python"],
    ["node20", [], "node"],
    ["nodejs", [], "node"],
    ["env", ["A=b", "npx", "x"], "npx"],
    ["/usr/bin/env", ["-i", "-u", "HOME", "A=b", "uvx", "x"], "uvx"],
    ["env", ["-S", "npx -y x"], "npx"],
    ["sudo", ["-E", "-u", "me", "npx"], "npx"],
    ["nohup", ["npx"], "npx"],
    ["sh", ["-c", "npx -y x"], "npx"],
    ["bash", ["-lc", "npx -y x"], "npx"],
    ["bash", ["-l", "-c", "A=b exec npx -y x"], "npx"],
    ["sh", ["-c", "cd /app && npx -y x"], "npx"],
    ["sh", ["-c", "'/my tools/uvx' x"], "uvx"],
    ["sh", ["-c", "echo hello"], "sh"],
    ["bash", ["start.sh"], "bash"],
    ["bash", ["start.sh", "-c", "docker"], "bash"],
    ["cmd", ["/c", "npx", "-y", "x"], "npx"],
    ["cmd.exe", ["/d", "/s", "/c", "npx -y x"], "npx"],
    ["powershell", ["-NoProfile", "-Command", "npx -y x"], "npx"],
    ["sudo", ["env", "A=b", "sh", "-c", "uvx x"], "uvx"],
  ])("%s %j needs %s", (command, args, runtime) => {
    expect(detectRuntime(command, args)).toMatchObject({ kind: "runtime", runtime });
  });

  it.each([
    ["python3.12", "3.12"],
    ["node20", "20"],
    ["python", undefined],
  ])("tells the version of %s", (command, version) => {
    const detected = detectRuntime(command, []);
    expect(detected.kind === "runtime" ? detected.version : "none").toBe(version);
  });
});

describe("container engines", () => {
  it.each([
    ["docker", ["run", "x"]],
    ["/usr/bin/docker", []],
    ["C:\\Docker\\docker.exe", []],
    ["podman", []],
    ["nerdctl", []],
    ["sudo", ["docker", "run"]],
    ["sh", ["-c", "docker run -i x"]],
    ["sh", ["-c", "cd /x; exec docker run -i x"]],
    ["cmd", ["/c", "docker", "run"]],
  ])("%s %j is one", (command, args) => {
    expect(detectRuntime(command, args).kind).toBe("container-engine");
  });

  it.each([
    ["npx", ["-y", "docker-mcp"]],
    ["/opt/docker/bin/npx", []],
    ["python", ["-m", "docker"]],
    ["node", ["docker"]],
    ["sh", ["-c", "npx docker"]],
    ["docker-mcp", []],
    ["mydocker", []],
    ["env", ["DOCKER=docker", "npx"]],
  ])("%s %j is none", (command, args) => {
    expect(detectRuntime(command, args).kind).not.toBe("container-engine");
  });
});

it.each([["mytool"], ["/opt/my tool/server"], ["npxx"], ["constructor"], ["__proto__"], ["npx -y x"]])(
  "does not know %s",
  (command) => {
    expect(detectRuntime(command, []).kind).toBe("unknown");
  },
);
