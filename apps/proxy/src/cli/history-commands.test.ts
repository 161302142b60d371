import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { readEnvironment } from "../environment.ts";
import { makeRun, testOwner } from "../store/testing/make-run.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import type { CommandContext } from "./command-context.ts";
import { addLogsCommand } from "./logs-command.ts";
import { addRunsCommand } from "./runs-command.ts";
import { addServersCommand } from "./servers-command.ts";

const isolated = { name: "a-server-with-a-rather-long-name", command: "npx", args: ["-y", "some-server"] };
const runId = "019a1111-2222-7000-8000-000000000001";
const summary =
  "Exited with code 3, and then a long story about why it did so that no terminal of 80 columns can show.";
const pageSchema = z.object({ runs: z.array(z.looseObject({ id: z.string() })) });
let running: TestService;

beforeAll(async () => {
  running = await startTestService({ mcpServers: [everything, isolated] });
  const { runs } = running.service.core.store;
  const verdict = { kind: "app_error", confidence: "certain", summary, evidence: [] } as const;
  await runs.create(
    makeRun({ id: runId, server: "old", state: "ended", verdict, exitCode: 3, startedAt: "2025-01-01T00:00:00Z" }),
    testOwner,
  );
  await runs.create(makeRun({ id: "019a1111-2222-7000-8000-000000000002", server: "new", state: "ended" }), testOwner);
  await running.service.startServers();
});
afterAll(() => running[Symbol.asyncDispose]());

interface Outcome {
  readonly output: string;
  readonly error: string;
}

async function run(args: readonly string[], terminalColumns?: number): Promise<Outcome> {
  const output: string[] = [];
  const context: CommandContext = {
    environment: readEnvironment({ HOME: running.paths.dataDirectory, MCPPROXY_LISTEN: new URL(running.url).host }),
    platform: "linux",
    ...(terminalColumns === undefined ? {} : { terminal: { columns: terminalColumns, write: () => true } }),
    print: (text) => output.push(text),
    printError: (text) => output.push(text),
    setExitCode: () => undefined,
  };
  const program = new Command("mcpproxy").exitOverride();
  for (const add of [addRunsCommand, addLogsCommand, addServersCommand]) add(program, context);
  const { config, dataDirectory, logDirectory } = running.paths;
  const places = ["--config", config, "--data-dir", dataDirectory, "--log-dir", logDirectory];
  try {
    await program.parseAsync([...args, ...places], { from: "user" });
    return { output: output.join("\n"), error: "" };
  } catch (error) {
    return { output: output.join("\n"), error: error instanceof Error ? error.message : String(error) };
  }
}

async function idsOf(...filter: readonly string[]): Promise<readonly string[]> {
  const { output } = await run(["runs", "--json", ...filter]);
  return pageSchema.parse(JSON.parse(output)).runs.map(({ id }) => id);
}

describe("runs", () => {
  test("are listed within 80 columns on a terminal, and whole elsewhere", async () => {
    const { output } = await run(["runs", "--server", "old"], 80);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(output).toContain("Exited with code 3");
    expect((await run(["runs", "--server", "old"])).output).toContain(summary);
  });

  test("are filtered by every option", async () => {
    expect(await idsOf("--server", "old", "new", "--verdict", "app_error", "oom_killed")).toEqual([runId]);
    expect(await idsOf("--exit-code", "3", "--until", "2025-01-02")).toEqual([runId]);
    expect(await idsOf("--server", "old", "--since", "30d")).toEqual([]);
    expect(await idsOf("--state", "ended", "--text", "long story")).toEqual([runId]);
    expect((await run(["runs", "--server", "nobody"])).output).toBe("No run matches.");
  });

  test.each([
    ["--limit", "0", "from 1 to 500"],
    ["--since", "yesterday", "write an age such as 10m"],
    ["--verdict", "nonsense", "Allowed choices"],
  ])("refuse %s %s", async (option, value, says) => {
    expect((await run(["runs", option, value])).error).toContain(says);
  });

  test("are shown by the beginning of their id, when it is only one's", async () => {
    expect((await run(["runs", "show", "019a1111-2222-7000-8000-000000000001"])).output).toContain(summary);
    expect((await run(["runs", "show", "019a1111-2222"])).error).toContain("Several runs begin with");
    expect((await run(["runs", "show", "ffff"])).error).toContain("No run has the id ffff");
  });

  test("are shown with what changed, calls by tool and calls in flight, within 80 columns on a terminal", async () => {
    const { runs } = running.service.core.store;
    const recent = (index: number) => new Date(Date.now() - 60_000 + index).toISOString();
    const [before, after] = ["256", "512"].map((size, index) =>
      makeRun({ server: "shown", state: "ended", configHash: size, startedAt: recent(index) }),
    );
    if (before === undefined || after === undefined) throw new Error("two");
    const waiting = { method: "tools/call", tool: "slow", sessionId: "0123456789abcdef", ageMs: 1_500 };
    const long = "a line of stderr that goes on and on until no terminal of eighty columns can show it in one piece";
    await runs.create(before, testOwner);
    await runs.create({ ...after, callsInFlight: [waiting], stderrTail: [long] }, testOwner);
    const values = (mebibytes: number) => ({ memory_limit: mebibytes * 1024 ** 2 });
    await runs.addSnapshot({ hash: "256", values: { ...values(256), image: "node:20" } });
    await runs.addSnapshot({ hash: "512", values: { ...values(512), image: "node:22" } });
    const counts = { calls: 12_345, errors: 6, cancelled: 7, totalMs: 99, maxMs: 61_000, buckets: [0, 0, 3] };
    const name = "a_tool_with_a_name_that_is_far_too_long_for_a_table";
    await runs.putToolCalls([{ ...counts, tool: name, runId: after.id, server: "shown", hour: 1 }]);
    await runs.toolCalls(after.id);
    const { output } = await run(["runs", "show", after.id], 80);
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(output.replaceAll(/\s+/g, " ")).toContain("memory limit 256 MiB → 512 MiB");
    expect(output).toContain("image node:20 → node:22");
    expect(output).toMatch(/a_tool_with\w+… +12345 +6 +7 +0\.\d+ ms +0\.\d+ ms +1m 1s/);
    expect(output).toContain("slow, waiting for 1.5 s, session 01234567");
    const json: unknown = JSON.parse((await run(["runs", "show", after.id, "--json"])).output);
    expect(json).toMatchObject({ id: after.id, tools: [{ tool: name }], changes: { against: { id: before.id } } });
  });

  test("are exported into a file", async () => {
    const file = join(running.paths.dataDirectory, "runs.csv");
    await run(["runs", "export", "--format", "csv", "--server", "old", "--output", file]);
    const lines = (await readFile(file, "utf8")).split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`${runId},old,ended,app_error`);
    await rm(file);
  });

  test("are pruned only without --dry-run, and that is audited", async () => {
    const dry = await run(["runs", "prune", "--older-than", "90d", "--dry-run"]);
    expect(dry.output).toMatch(/^1 run that began before .* would go; \d+ stay\.$/m);
    expect(await idsOf("--server", "old")).toEqual([runId]);
    expect((await run(["runs", "prune", "--older-than", "90d"])).output).toContain("is gone");
    expect(await idsOf("--server", "old")).toEqual([]);
    const { entries } = await running.service.core.store.audit.list({ limit: 1 });
    expect(entries).toMatchObject([{ actor: "command line", action: "prune-runs" }]);
    expect((await run(["runs", "prune", "--older-than", "90d"])).output).toContain("Nothing to delete");
  });
});

describe("logs", () => {
  test("are chosen by time, stream and run", async () => {
    await until("ready", () =>
      running.service.core.supervisor.find("everything")?.isReady === true ? true : undefined,
    );
    running.service.core.serverLogs.of("everything").stderr("from the server");
    const all = await until("the line", async () => {
      const { output } = await run(["logs", "everything", "--since", "1h"]);
      return output.includes("from the server") ? output : undefined;
    });
    expect(all).toContain("INFO");
    const stderr = (await run(["logs", "everything", "--stream", "stderr"])).output;
    expect(stderr.split("\n").every((line) => line.includes("STDERR"))).toBe(true);
    const [newest] = await idsOf("--server", "everything");
    expect((await run(["logs", "everything", "--run", newest ?? ""])).output).toContain("from the server");
    expect((await run(["logs", "everything", "--since", "2100-01-01"])).output).toBe("");
  });

  test("of a run are followed to its end", async () => {
    const { supervisor } = running.service.core;
    const [newest] = await idsOf("--server", "everything");
    const following = run(["logs", "everything", "-f", "--run", newest ?? "", "-n", "1"]);
    await supervisor.find("everything")?.stopByUser(supervisor.userIntent("test", undefined));
    const { output } = await following;
    expect(output).toContain(`Run ${newest ?? ""} ended:`);
  });

  test("of a run are refused under the name of another server", async () => {
    const [newest = ""] = await idsOf("--server", "everything");
    expect((await run(["logs", "old", "--run", newest])).error).toContain(`mcpproxy logs everything --run ${newest}`);
  });

  test("of an unknown server name the known ones", async () => {
    expect((await run(["logs", "nobody"])).error).toContain("Configured: everything");
  });
});

test("servers are listed within 80 columns, with their problems whole below", async () => {
  const { output } = await run(["servers"], 80);
  const [table = "", ...problems] = output.split("\n\n");
  expect(Math.max(...table.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(problems.join("\n")).toContain(`${isolated.name}: `);
});
