import { expect, test } from "vitest";
import { patchServerList, removeServer } from "./patch-servers.ts";

const servers = [
  { name: "a", state: "ready" },
  { name: "b", state: "ready" },
];

test("replaces a known server and keeps the order", () => {
  expect(patchServerList(servers, { name: "a", state: "stopped" })).toEqual([
    { name: "a", state: "stopped" },
    servers[1],
  ]);
});

test("adds an unknown server at the end", () => {
  expect(patchServerList(servers, { name: "c", state: "ready" }).map((server) => server.name)).toEqual(["a", "b", "c"]);
});

test("removes a server by name", () => {
  expect(removeServer(servers, "a")).toEqual([servers[1]]);
});
