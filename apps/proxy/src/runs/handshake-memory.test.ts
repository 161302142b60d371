import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recallHandshake } from "../fronts/line/recall-handshake.ts";
import { openHandshakeMemory } from "./handshake-memory.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcpproxy-handshakes-"));
});
afterAll(() => rm(folder, { recursive: true }));

const handshakeOf = (name: string) =>
  ({ era: "legacy", protocolVersion: "2025-11-25", result: { serverInfo: { name }, odd: [1] } }) as const;

test("remembers across processes, for the user alone, and keeps what another process has written", async () => {
  const path = join(folder, "a", "handshakes.json");
  const refuse = (error: unknown): never => {
    throw error;
  };
  const open = () => openHandshakeMemory({ path, stamp: () => "now", onError: refuse });
  const [one, other] = [open(), open()];
  one.remember({ server: "a", configHash: "h1", handshake: handshakeOf("one") });
  other.remember({ server: "b", configHash: "h2", handshake: handshakeOf("two") });
  const later = open();
  expect([later.recall("h1"), later.recall("h2"), later.recall("h3")]).toEqual([
    handshakeOf("one"),
    handshakeOf("two"),
    undefined,
  ]);
  expect(recallHandshake(path, { server: "a", stamp: "now" })).toMatchObject({ result: handshakeOf("one").result });
  expect(recallHandshake(path, { server: "a", stamp: "later" })).toBeUndefined();
  expect(recallHandshake(path, { server: "toString", stamp: "now" })).toBeUndefined();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("begins anew with a broken file, and goes on where it cannot write", async () => {
  const path = join(folder, "broken.json");
  await writeFile(path, "{");
  const known = { server: "a", configHash: "h", handshake: handshakeOf("x") };
  const memory = openHandshakeMemory({ path, stamp: () => undefined, onError: () => undefined });
  expect(memory.recall("h")).toBeUndefined();
  memory.remember(known);
  expect(await readFile(path, "utf8")).toContain('"x"');
  const errors: unknown[] = [];
  const unwritable = openHandshakeMemory({
    path: join(path, "inside-a-file.json"),
    stamp: () => undefined,
    onError: (error) => errors.push(error),
  });
  unwritable.remember(known);
  expect(unwritable.recall("h")).toEqual(handshakeOf("x"));
  expect(errors).toHaveLength(1);
});
