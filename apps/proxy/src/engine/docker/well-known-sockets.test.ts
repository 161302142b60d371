import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemSockets } from "./well-known-sockets.ts";

test("an engine answers where a ping is answered, and nowhere else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockets-"));
  const path = join(folder, "docker.sock");
  expect([await systemSockets.isThere(path), await systemSockets.answers(path)]).toEqual([false, false]);
  let status = 200;
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/_ping" ? status : 404).end("OK");
  }).listen(path);
  await once(server, "listening");
  expect([await systemSockets.isThere(path), await systemSockets.answers(path)]).toEqual([true, true]);
  status = 500;
  expect(await systemSockets.answers(path)).toBe(false);
  server.close();
  await rm(folder, { recursive: true });
});
