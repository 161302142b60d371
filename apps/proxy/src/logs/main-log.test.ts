import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatDockerRunArgs } from "./docker-run-args-line.ts";
import { createMainLog, type MainLog } from "./main-log.ts";

let directory: string;
let log: MainLog;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "mcpproxy-logs-")), "logs");
  log = createMainLog({ directory, level: "info", redact: (text) => text.replaceAll("hunter2", "***") });
});

afterEach(async () => {
  await log.close();
  await rm(join(directory, ".."), { recursive: true });
});

async function writtenLines(): Promise<string[]> {
  await log.close();
  return (await readFile(join(directory, "main.log"), "utf8")).split("\n").slice(0, -1);
}

describe("main.log", () => {
  test("a line has time, level, message and fields", async () => {
    log.info({ server: "everything", note: "two words", count: 3, list: ["a"] }, "run started");
    const [line] = await writtenLines();
    expect(line).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO {2}run started server=everything note="two words" count=3 list=\["a"\]$/,
    );
  });

  test("docker_run_args can be grepped and pasted verbatim", async () => {
    const args = ["run", "-i", "--memory=512m", 'a "quoted" \\ word', "100%s"];
    log.info({}, `docker_run_args: ${formatDockerRunArgs(args)}`);
    const [line] = await writtenLines();
    const json = line?.split("docker_run_args: ")[1] ?? "";
    expect(json.startsWith('["run", "-i", "--memory=512m", ')).toBe(true);
    expect(JSON.parse(json)).toEqual(args);
  });

  test("fields named like those of the line itself do not replace them", async () => {
    log.warn({ level: "debug", time: "never", msg: "other" }, "the message");
    const [line] = await writtenLines();
    expect(line).toMatch(/Z WARN {2}the message level=debug time=never msg=other$/);
  });

  test("line ends and control characters cannot forge a line", async () => {
    log.info({ server: "a\n2026-01-01T00:00:00.000Z INFO  forged", "k\ney": 1 }, "x\r\n\u001b[2J\u2028y\u0085");
    const lines = await writtenLines();
    expect(lines).toHaveLength(1);
    // oxlint-disable-next-line no-control-regex
    expect(lines[0]).not.toMatch(/[\u0000-\u001f\u0085\u2028]/);
    expect(lines[0]).toContain("x\\r\\n\\u001b[2J\\u2028y\\u0085");
  });

  test("messages, fields and causes are redacted, with a redactor that can be replaced", async () => {
    log.error(
      { error: new Error("outer", { cause: new TypeError("bad hunter2") }), deep: { a: ["hunter2"] } },
      "hunter2",
    );
    log.setRedactor((text) => text.replaceAll("line\nsecret", "[new]"));
    log.info({ value: "line\nsecret" }, "line\nsecret");
    const text = (await writtenLines()).join("\n");
    expect(text).toContain('ERROR *** error="outer; caused by TypeError: bad ***" deep={"a":["***"]}');
    expect(text).toContain("INFO  [new] value=[new]");
  });

  test("lines below the level are left out", async () => {
    log.debug({}, "hidden");
    log.setLevel("debug");
    log.debug({}, "shown");
    expect(await writtenLines()).toHaveLength(1);
  });

  test("directory and file are private", async () => {
    log.info({}, "x");
    await log.flush();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, "main.log"))).mode & 0o777).toBe(0o600);
  });
});
