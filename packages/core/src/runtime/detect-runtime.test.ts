import { describe, expect, it } from "vitest";
import { detectRuntime } from "./detect-runtime.ts";
import { runtimes } from "./runtime.ts";

it.each(runtimes.map((runtime) => [runtime]))("knows %s by its name", (runtime) => {
  expect(detectRuntime(runtime, [])).toMatchObject({ kind: "runtime", runtime });
});

const wrappers: readonly (readonly [string, (program: string) => readonly [string, ...string[]]])[] = [
  ["a path", (program) => [`/opt/some tools/bin/${program}`]],
  ["a path of Windows", (program) => [`C:\\Program Files\\x\\${program}.exe`]],
  ["a shim of Windows", (program) => [`${program.toUpperCase()}.CMD`]],
  ["a version", (program) => [`${program}3.12`]],
  ["env", (program) => ["/usr/bin/env", "A=b", program, "x"]],
  ["env -S", (program) => ["env", "-S", `A=b ${program} x`]],
  ["sudo", (program) => ["sudo", "-E", "--", program, "x"]],
  ["nice and stdbuf", (program) => ["nice", "-n", "5", "stdbuf", "-oL", program, "x"]],
  ["a shell", (program) => ["sh", "-c", `cd /app && exec ${program} x`]],
  ["a strict shell", (program) => ["bash", "-euo", "pipefail", "-c", `export A=b; ${program} x`]],
  ["a shell in a shell", (program) => ["zsh", "-lc", `bash -c "${program} x"`]],
  ["cmd", (program) => ["cmd.exe", "/d", "/s", "/c", `${program} x`]],
  ["PowerShell", (program) => ["pwsh", "-NoProfile", "-Command", program, "x"]],
];
describe.each(wrappers)("behind %s", (_, wrap) => {
  it.each(runtimes.map((runtime) => [runtime]))("%s is found", (runtime) => {
    const [command, ...args] = wrap(runtime);
    expect(detectRuntime(command, args)).toMatchObject({ kind: "runtime", runtime });
  });
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
    ["sudo", ["--user", "docker", "npx"], "npx"],
    ["sudo", ["--us", "docker", "npx"], "npx"],
    ["sudo", ["-Eu", "docker", "npx"], "npx"],
    ["sudo", ["-udocker", "npx"], "npx"],
    ["sudo", ["-r", "docker", "npx"], "npx"],
    ["env", ["-iu", "docker", "npx"], "npx"],
    ["env", ["--argv0", "docker", "npx"], "npx"],
    ["nice", ["--adjustment", "5", "npx"], "npx"],
    ["nice", ["-n5", "npx"], "npx"],
    ["stdbuf", ["--output", "L", "npx"], "npx"],
    ["time", ["-o", "docker", "npx"], "npx"],
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
    ["sudo", ["FOO=bar", "npx", "x"], "npx"],
    ["env", ["--split-string=npx -y x"], "npx"],
    ["env", ["-C", "/app", "--unset=A", "npx"], "npx"],
    ["bash", ["-C", "start.sh"], "bash"],
    ["bash", ["--rcfile", "x", "-c", "npx x"], "npx"],
    ["sh", ["-c"], "sh"],
    ["sh", [], "sh"],
    ["py", ["-3.12", "-m", "x"], "python"],
    ["pythonw.exe", [], "python"],
    ["pnpx", [], "pnpm"],
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
    ["env", ["A=b", "docker", "run"]],
    ["env", ["-S", "docker run"]],
    ["DOCKER.EXE", []],
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
