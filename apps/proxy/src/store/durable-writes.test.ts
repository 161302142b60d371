import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client/sqlite3";
import { describe, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { DurableWrites } from "./durable-writes.ts";
import { openStore } from "./open-store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";

const verdict = { kind: "completed", confidence: "certain", summary: "Exited", evidence: [] } as const;

describe("a locked history", () => {
  test("holds nobody up, says so once, and has everything when the lock is gone", { timeout: 20_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "mcpproxy-locked-"));
    const databasePath = join(directory, "mcpproxy.db");
    const notices: string[] = [];
    const store = await openStore({ databasePath, onNotice: (message) => notices.push(message) });
    const locker = createClient({ url: pathToFileURL(databasePath).href, concurrency: 1 });
    const lock = await locker.transaction("write");
    const run = makeRun();
    const beganMs = performance.now();
    await store.runs.create(run, testOwner);
    const event = { runId: run.id, at: run.startedAt, kind: "decided", message: "one", durationMs: null } as const;
    const first = await store.runs.addEvent(event);
    const second = await store.runs.addEvent({ ...event, message: "two" });
    await store.runs.recordIntent(run.id, { at: run.startedAt, actor: "me", reason: { kind: "user" } });
    await store.runs.update(run.id, { state: "ended", endedAt: run.startedAt, verdict });
    expect(performance.now() - beganMs).toBeLessThan(3_000);
    expect(second.id).toBe(first.id + 1);
    expect(notices).toEqual([expect.stringContaining("locked by another program")]);
    await lock.rollback();
    locker.close();
    await until("the notice that it works again", () => notices[1]);
    expect(await store.runs.find(run.id)).toMatchObject({ state: "ended", verdict });
    expect((await store.runs.events(run.id)).map(({ message }) => message)).toEqual(["one", "two"]);
    expect(await store.runs.intents(run.id)).toHaveLength(1);
    await store.close();
    rmSync(directory, { recursive: true });
  });

  test("that stays locked until the end says what is lost", async () => {
    const notices: string[] = [];
    const writes = new DurableWrites({ databasePath: "/x.db", onNotice: (message) => notices.push(message) });
    const locked = Object.assign(new Error("locked"), { originalCode: "5" });
    await writes.run(() => Promise.reject(locked));
    await writes.run(() => Promise.reject(locked));
    await writes.close();
    expect(notices).toEqual([
      expect.stringContaining("/x.db cannot be written"),
      expect.stringContaining("2 changes of the history could not be written"),
    ]);
  });

  test("is not what a write with a bug of its own meets", async () => {
    const writes = new DurableWrites({ databasePath: "/x.db", onNotice: () => undefined });
    await expect(writes.run(() => Promise.reject(new TypeError("bug")))).rejects.toThrow("bug");
    expect(writes.isInTrouble).toBe(false);
  });
});

// Needs the right to mount a small file system.
describe.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)("a full disk", () => {
  test("is said once, and what waited is written when there is space", { timeout: 20_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "mcpproxy-full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", directory]);
    try {
      const notices: string[] = [];
      const store = await openStore({
        databasePath: join(directory, "mcpproxy.db"),
        onNotice: (message) => notices.push(message),
      });
      const run = makeRun();
      await store.runs.create(run, testOwner);
      fill(join(directory, "ballast"));
      // Beyond what is left of the last page.
      const stderrTail = Array.from({ length: 200 }, () => "x".repeat(200));
      await store.runs.update(run.id, { state: "ended", endedAt: run.startedAt, verdict, stderrTail });
      expect(notices).toEqual([expect.stringContaining("the disk is full. Free some space")]);
      expect((await store.runs.find(run.id))?.state).toBe("pulling");
      rmSync(join(directory, "ballast"));
      await until("the notice that it works again", () => notices[1]);
      expect(await store.runs.find(run.id)).toMatchObject({ state: "ended", verdict, stderrTail });
      await store.close();
    } finally {
      execFileSync("umount", ["--lazy", directory]);
      rmSync(directory, { recursive: true });
    }
  });
});

function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(4_096), { flag: "a" });
  } catch {
    // No space left: what this is for.
  }
}
