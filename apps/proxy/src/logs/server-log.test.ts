import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { logLineTest } from "./server-log-line.ts";
import { createServerLog } from "./server-log.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "mcpproxy-server-log-"));
});

afterEach(() => rm(directory, { recursive: true }));

const redact = (text: string) => text.replaceAll("hunter2", "***");

describe("server log", () => {
  test("opens no file before the first line", async () => {
    const log = createServerLog({ directory: join(directory, "later"), server: "everything", redact });
    expect(await log.tail(10)).toEqual([]);
    await log.close();
    expect(await readdir(directory)).toEqual([]);
  });

  test("says which line came from where, each on one line, redacted", async () => {
    const log = createServerLog({ directory, server: "everything", redact });
    log.info("Docker isolation enabled for server: everything");
    log.stderr("token hunter2\r\nnext");
    log.stdoutNoise("hello");
    const lines = await log.tail(10);
    expect(lines.map((line) => line.slice(25))).toEqual([
      "INFO   Docker isolation enabled for server: everything",
      "STDERR token ***\\r\\nnext",
      "STDOUT hello",
    ]);
    await log.close();
  });

  test("tail reads only the asked lines across block borders", async () => {
    const log = createServerLog({ directory, server: "many", redact });
    for (let index = 0; index < 3000; index += 1) log.stderr(`line ${index} ${"ü".repeat(50)}`);
    const lines = await log.tail(2000);
    expect(lines).toHaveLength(2000);
    expect(lines[0]).toContain("STDERR line 1000 ");
    expect(lines.at(-1)).toContain("STDERR line 2999 ");
    await log.close();
  });

  test("a flood is bounded: dropped lines are counted in one line, the rest is in order", async () => {
    const log = createServerLog({ directory, server: "flood", redact });
    for (let index = 0; index < 50_000; index += 1) log.stderr(`line ${index} ${"x".repeat(80)}`);
    await log.close();
    const lines = (await readFile(join(directory, "server-flood.log"), "utf8")).split("\n").slice(0, -1);
    const reports = lines.filter((line) => line.includes(" WARN "));
    const kept = lines.length - reports.length;
    const dropped = Number(/(\d+) lines dropped/.exec(reports[0] ?? "")?.[1]);
    expect(reports).toHaveLength(1);
    expect(kept + dropped).toBe(50_000);
    expect(lines.join("\n").length).toBeLessThan(1.2 * 1024 * 1024);
  });

  test("a very long line is cut", async () => {
    const log = createServerLog({ directory, server: "long", redact });
    log.stderr("y".repeat(1_000_000));
    const [line] = await log.tail(1);
    expect(line).toMatch(/y… \(983616 more characters\)$/);
    await log.close();
  });

  test("a hostile name stays inside the directory, and different names have different files", async () => {
    const logs = ["../../etc/passwd", "a/b", "a:b"].map((server) => createServerLog({ directory, server, redact }));
    for (const log of logs) log.info("x");
    await Promise.all(logs.map((log) => log.close()));
    expect(await readdir(directory)).toHaveLength(3);
  });
});

test("following starts exactly where the tail ends, while lines keep coming", async () => {
  const log = createServerLog({ directory, server: "busy", redact: (text) => text.replaceAll("secret", "***") });
  let written = 0;
  const write = () => log.stderr(`line ${(written += 1)} secret`);
  for (let count = 0; count < 50; count += 1) write();
  const timer = setInterval(write, 1);
  const followed: string[] = [];
  const { lines, stop } = await log.tailAndFollow(1_000, (line) => followed.push(line));
  await until("twenty more lines", () => (followed.length > 20 ? true : undefined));
  clearInterval(timer);
  stop();
  write();
  const numbers = [...lines, ...followed].map((line) => Number(/line (\d+) \*\*\*$/.exec(line)?.[1]));
  expect(numbers).toEqual(Array.from({ length: written - 1 }, (_unused, index) => index + 1));
  await log.close();
});

test("the tail of a log that nobody wrote yet is empty, and following works", async () => {
  const log = createServerLog({ directory, server: "new", redact: (text) => text });
  const followed: string[] = [];
  const { lines, stop } = await log.tailAndFollow(10, (line) => followed.push(line));
  log.info("first");
  expect([lines, followed]).toEqual([[], [expect.stringMatching(/INFO +first$/)]]);
  stop();
  await log.close();
});

test.each([
  [{ stream: "stderr" }, ["b"]],
  [{ stream: "proxy" }, ["a", "d"]],
  [{ since: "2026-11-23T20:00:01+01:00" }, ["b", "c", "d"]],
  [{ since: "2026-11-23T19:00:01Z", until: "2026-11-23T19:00:02Z" }, ["b", "c"]],
  [{}, ["a", "b", "c", "d"]],
] as const)("lines are chosen by %j", (filter, expected) => {
  const lines = ["INFO   a", "STDERR b", "STDOUT c", "WARN   d"].map(
    (text, index) => `2026-11-23T19:00:0${index}.000Z ${text}`,
  );
  expect(lines.filter(logLineTest(filter)).map((line) => line.at(-1))).toEqual(expected);
});
