import { describe, expect, it } from "vitest";
import { findInvisiblePaths, pathsToCheck } from "./invisible-paths.ts";
import type { HostFacts } from "./isolation-plan.ts";
import { configOf, hostWith } from "./plan-case.test-data.ts";

const machine = hostWith({
  "/path/to": "directory",
  "/path/to/db": "missing",
  "/data/x": "directory",
  "/data/x/": "directory",
  "/data/x.db": "file",
  "/data/new.db": "missing",
  "/data": "directory",
  "/home/me": "directory",
  "/home/me/notes": "directory",
  "/home/me/notes/a b.txt": "file",
  "/home/me/.ssh/id_rsa": "file",
  "/etc/hosts": "file",
  "/usr/bin/node": "file",
  "/bin/sh": "file",
  "/tmp": "directory",
  "/": "directory",
  "/workspace/x": "file",
});

function found(args: readonly string[], isolation: object = {}, host: HostFacts = machine) {
  const { server } = configOf({ server: { command: "uvx", args }, isolation: { ...isolation } });
  return findInvisiblePaths(server, host);
}

describe("a path of this machine among the arguments comes with the volume that would show it", () => {
  it.each([
    [["mcp-server-sqlite", "--db-path", "/path/to/db"], "/path/to:/path/to:rw"],
    [["x", "--root=/data/x"], "/data/x:/data/x"],
    [["x", "-r=/data/x"], "/data/x:/data/x"],
    [["x", "ROOT=/data/x"], "/data/x:/data/x"],
    [["x", "/data/x/"], "/data/x:/data/x"],
    [["x", "/data/x.db"], "/data/x.db:/data/x.db"],
    [["x", "/home/me/notes/a b.txt"], "/home/me/notes/a b.txt:/home/me/notes/a b.txt"],
    [["-y", "@modelcontextprotocol/server-filesystem", "/home/me/notes"], "/home/me/notes:/home/me/notes"],
  ])("%j → %s", (args, volume) => {
    expect(found(args)).toMatchObject([
      {
        code: "invisible_path",
        severity: "warning",
        remedy: expect.stringContaining(`Add "${volume}" to volumes`),
        fix: { key: "volumes", operation: "append", value: volume },
      },
    ]);
  });

  it("each path once", () => {
    expect(found(["x", "/data/x", "--root=/data/x", "/data/x.db"])).toHaveLength(2);
  });
});

describe("no alarm is raised", () => {
  it.each([
    [["@scope/pkg", "user/repo", "a/b/c"]],
    [["https://h.example/data/x", "--url=https://h.example/data/x", "file:///data/x", "//data/x"]],
    [["/", "-", "--", "-d", "--db-path", "/data/x:/y"]],
    [["/etc/hosts", "/usr/bin/node", "/bin/sh", "/tmp", "--shell=/bin/sh"]],
    [["/nowhere/at/all", "/data/new.db"]],
    [["data/x", "./data/x", "~/notes"]],
    [["postgres://h/data/x", "key=value", "--glob=**/data/x"]],
  ])("for %j", (args) => {
    expect(found(args)).toEqual([]);
  });

  it.each([
    [{ volumes: ["/data/x:/data/x"] }, ["/data/x", "/data/x/", "--root=/data/x"]],
    [{ volumes: ["/srv:/data"] }, ["/data/x.db"]],
    [{ working_dir: "/workspace" }, ["/workspace/x"]],
  ])("with %j for %j", (isolation, args) => {
    expect(found(args, isolation)).toEqual([]);
  });

  it("for paths that nobody has looked at", () => {
    expect(found(["/data/x"], {}, { platform: "linux" })).toEqual([]);
  });
});

it("names the place where a volume already shows the path", () => {
  expect(found(["/home/me/notes/a b.txt"], { volumes: ["/home/me/notes:/notes"] })).toMatchObject([
    { message: expect.stringContaining("as /notes/a b.txt"), remedy: "Write /notes/a b.txt in args." },
  ]);
});

it.each([["/home/me"], ["/home/me/.ssh/id_rsa"]])("offers no volume for %s, and says why", (path) => {
  const [finding] = found([path]);
  expect(finding).toMatchObject({ code: "invisible_path", message: expect.stringContaining("and it should not:") });
  expect(finding).not.toHaveProperty("fix");
});

it("asks for volumes, certificates, and paths in arguments with their folders", () => {
  const input = configOf({
    server: { args: ["--db", "/data/x.db", "https://h/x"] },
    isolation: { volumes: ["/srv:/srv"] },
    global: { ca_certificates: "/ca.pem" },
  });
  expect(pathsToCheck(input)).toEqual(["/srv", "/ca.pem", "/data/x.db", "/data"]);
});
