import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { gatherPathFacts } from "./path-facts.ts";

let folder = "";
let socket: Server;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcpproxy-paths-")));
  mkdirSync(join(folder, "directory"));
  writeFileSync(join(folder, "file"), "");
  symlinkSync("directory", join(folder, "link"));
  symlinkSync("s.sock", join(folder, "link-to-socket"));
  symlinkSync("nowhere", join(folder, "broken"));
  symlinkSync("loop", join(folder, "loop"));
  socket = createServer().listen(join(folder, "s.sock"));
  await once(socket, "listening");
});
afterAll(() => {
  socket.close();
  rmSync(folder, { recursive: true });
});

it.each([
  ["directory", "directory", "directory"],
  ["directory/..", "directory", ""],
  ["file", "file", "file"],
  ["s.sock", "socket", "s.sock"],
  ["link", "directory", "directory"],
  ["link-to-socket", "socket", "s.sock"],
  ["none", "missing", "none"],
  ["none/below", "missing", "none/below"],
  ["file/below", "missing", "file/below"],
  ["broken", "other", "broken"],
  ["loop", "other", "loop"],
])("%s is a %s", (name, kind, realName) => {
  const path = `${folder}/${name}`;
  expect(gatherPathFacts([path]).get(path)).toEqual({ kind, realPath: join(folder, realName) });
});

it("knows a device, and each path once", () => {
  const facts = gatherPathFacts(["/dev/null", "/dev/null"]);
  expect([...facts]).toEqual([["/dev/null", { kind: "other", realPath: "/dev/null" }]]);
});
