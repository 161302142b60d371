import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testImage } from "../engine/testing/docker-fixture.ts";
import { until } from "../testing/until.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { containerServer, ensureProofServerImage, proofConfig } from "./testing/proof-servers.ts";
import { startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";

const megabyte = 1024 * 1024;
const deadlineMs = 240_000;
const lines = 100_000;
const program = readFileSync(fileURLToPath(new URL("testing/flooding-server.mjs", import.meta.url)), "utf8");
const flooder = {
  name: "flooder",
  command: "node",
  args: ["--input-type=module", "-e", program],
  isolation: { image: testImage, pull_policy: "never", network_mode: "none", memory_limit: "256m" },
};
let proxy: ProxyUnderTest;

beforeAll(async () => {
  await ensureProofServerImage();
  proxy = await startProxy(proofConfig([flooder, containerServer({ name: "quiet" })], { keep_exited: 0 }));
  for (const name of ["flooder", "quiet"]) await proxy.untilState(name, "ready");
}, deadlineMs);
afterAll(() => proxy[Symbol.asyncDispose](), deadlineMs);

/** Physical memory of the proxy. */
function residentBytes(): number {
  const status = readFileSync(`/proc/${proxy.process?.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

function logFiles(): readonly string[] {
  return readdirSync(proxy.logDirectory).filter((name) => name.startsWith("server-flooder.log"));
}

/** The end of stderr as the live run has it. */
async function stderrTail(): Promise<readonly string[]> {
  const [run] = await proxy.runs("flooder");
  return run?.stderrTail ?? [];
}

const untilTailEndsWith = (text: string): Promise<readonly string[]> =>
  until(
    `the tail ends with ${text}`,
    async () => {
      const tail = await stderrTail();
      return tail.at(-1) === text ? tail : undefined;
    },
    deadlineMs,
  );

test(
  "ten thousand lines a second for ten seconds keep nobody waiting, and log, tail and memory stay within bounds",
  async () => {
    const flooding = await proxy.client("flooder");
    const quiet = await proxy.client("quiet");
    const beforeBytes = residentBytes();
    let peakBytes = beforeBytes;
    let isOver = false;
    const flood = flooding.callTool("flood", { lines, perSecond: 10_000 }).finally(() => {
      isOver = true;
    });
    let count = 0;
    while (!isOver) {
      const text = `call ${(count += 1)}`;
      expect(await quiet.callTool("echo", { text })).toMatchObject({ result: { content: [{ text }] } });
      peakBytes = Math.max(peakBytes, residentBytes());
    }
    expect(await flood).toMatchObject({ result: { content: [{ text: "flood" }] } });
    expect(count).toBeGreaterThan(10);
    const line = (index: number): string => `line ${index} of a flood ${"x".repeat(60)}`;
    const tail = await untilTailEndsWith(line(lines - 1));
    expect(tail).toEqual(Array.from({ length: 500 }, (_, index) => line(lines - 500 + index)));
    const sizes = logFiles().map((name) => statSync(join(proxy.logDirectory, name)).size);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.length).toBeLessThanOrEqual(5);
    for (const size of sizes) expect(size).toBeLessThan(10.2 * megabyte);
    expect(peakBytes - beforeBytes).toBeLessThan(150 * megabyte);
    const text = logFiles()
      .map((name) => readFileSync(join(proxy.logDirectory, name), "utf8"))
      .join("");
    const written = text.match(/ STDERR line \d+ of a flood/g)?.length ?? 0;
    const dropped = [...text.matchAll(/ (\d+) lines dropped/g)].reduce((sum, [, number]) => sum + Number(number), 0);
    expect(written + dropped).toBe(lines);
    await checkInvariants(proxy);
  },
  deadlineMs,
);

test(
  "a line of 100 MB on stderr is skipped and told, in log and tail, without being kept in memory",
  async () => {
    const client = await proxy.client("flooder");
    const beforeBytes = residentBytes();
    const bytes = 100 * megabyte;
    expect((await client.callTool("longLine", { bytes })).kind).toBe("result");
    const tail = await untilTailEndsWith("after the long line");
    expect(tail.at(-2)).toBe(`[a line of ${bytes} bytes was skipped]`);
    expect(residentBytes() - beforeBytes).toBeLessThan(150 * megabyte);
    const isLogged = (): true | undefined =>
      readFileSync(join(proxy.logDirectory, "server-flooder.log"), "utf8").includes(tail.at(-2) ?? "none") || undefined;
    await until("the log tells of it", isLogged, deadlineMs);
    await checkInvariants(proxy);
  },
  deadlineMs,
);

test(
  "binary garbage on stderr breaks neither the log's lines nor the server's calls",
  async () => {
    const client = await proxy.client("flooder");
    expect((await client.callTool("garbage", { bytes: 100_000 })).kind).toBe("result");
    await untilTailEndsWith("after the garbage");
    expect(await client.callTool("echo", { text: "fine" })).toMatchObject({ kind: "result" });
    const log = readFileSync(join(proxy.logDirectory, "server-flooder.log"), "utf8");
    for (const line of log.split("\n").slice(0, -1))
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z (INFO|WARN|STDERR|STDOUT) /);
    await checkInvariants(proxy);
  },
  deadlineMs,
);
