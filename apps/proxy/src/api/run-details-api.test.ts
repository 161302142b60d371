import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { clientOf, supervisorOf, type TestClient } from "../runs/testing/supervised-server.ts";
import { makeRun, testOwner } from "../store/testing/make-run.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";

const answerSchema = z.object({ data: z.looseObject({}) });
const secrets = ["first-secret-value", "second-secret-value"] as const;
let running: TestService;
let client: TestClient;

function configWith(secret: string): string {
  const { isolation } = everything;
  const entry = { ...everything, env: { API_KEY: secret }, isolation: { ...isolation, stop_timeout: "3s" } };
  return JSON.stringify({ mcpServers: [entry] });
}

beforeAll(async () => {
  running = await startTestService(configWith(secrets[0]));
  client = clientOf(supervisorOf(running, "everything"));
  await client.connection.ensureReady("call");
});
afterAll(() => running[Symbol.asyncDispose]());

async function data(path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${running.url}/api/v1${path}`, { headers: { "x-api-key": running.apiKey } });
  const answer = await response.json();
  expect(JSON.stringify(answer)).toContain(`"success":true`);
  return answerSchema.parse(answer).data;
}

/** The newest run that is stored, when it is another than this one. */
function newestRun(before?: string): Promise<string> {
  const { runs } = running.service.core.store;
  return until(
    "another run",
    async () => {
      const [newest] = (await runs.list({ server: "everything", limit: 1 })).runs;
      return newest?.id === before ? undefined : newest?.id;
    },
    60_000,
  );
}

describe("calls by tool", () => {
  test("are counted with their errors, and are in the history when the run has ended", async () => {
    const id = await newestRun();
    for (const message of ["a", "b", "c"]) await client.ask("tools/call", { name: "echo", arguments: { message } });
    expect(await client.ask("tools/call", { name: "echo", arguments: {} })).toMatch(/error/i);
    await client.ask("tools/list");
    const { supervisor } = running.service.core;
    await supervisorOf(running, "everything").stopByUser(supervisor.userIntent("test", undefined));
    const { tools } = await data(`/runs/${id}/tools`);
    expect(tools).toEqual([
      expect.objectContaining({ tool: "echo", calls: 4, errors: 1, cancelled: 0, p95Ms: expect.any(Number) }),
      expect.objectContaining({ tool: "tools/list", calls: 1, errors: 0 }),
    ]);
    expect(await data(`/servers/everything/tools/stats`)).toMatchObject({ tools: [{ calls: 4 }, { calls: 1 }] });
    expect(await data(`/servers/everything/tools/stats?from=2100-01-01T00:00:00Z`)).toMatchObject({ tools: [] });
  });

  test("of a time that is none are refused", async () => {
    const response = await fetch(`${running.url}/api/v1/servers/everything/tools/stats?from=yesterday`, {
      headers: { "x-api-key": running.apiKey },
    });
    expect(response.status).toBe(400);
  });
});

describe("what was changed since an earlier run", () => {
  test("names the variable whose value is another, and never a value", async () => {
    const before = await newestRun();
    await running.writeConfig(configWith(secrets[1]));
    await running.service.core.reloadConfig();
    const server = supervisorOf(running, "everything");
    if (!server.isReady) server.startByUser();
    await clientOf(server).connection.ensureReady("call");
    const id = await newestRun(before);
    expect(await data(`/runs/${id}/diff`)).toMatchObject({
      against: { id: before },
      isKnown: true,
      changes: [{ field: "env.API_KEY", label: "variable API_KEY", before: "one value", after: "another value" }],
    });
    expect(await data(`/runs/${before}/diff?against=previous`)).toMatchObject({ against: null });
    expect(await data(`/runs/${id}/diff?against=last-good`)).toMatchObject({ against: { id: before } });
    const database = await readFile(running.paths.database, "latin1");
    for (const secret of secrets) expect(database).not.toContain(secret);
  });

  test("is unknown for runs of versions that stored no settings", async () => {
    const { runs } = running.service.core.store;
    const startedAt = "2025-01-01T00:00:00Z";
    const ids = ["019a1111-2222-7000-8000-000000000001", "019a1111-2222-7000-8000-000000000002"];
    for (const id of ids) await runs.create(makeRun({ id, server: "old", state: "ended", startedAt }), testOwner);
    expect(await data(`/runs/${ids[1] ?? ""}/diff`)).toMatchObject({ against: { id: ids[0] }, isKnown: false });
  });

  test("is compared with the last run that ended well on request", async () => {
    const { runs } = running.service.core.store;
    const verdict = { confidence: "certain", summary: "", evidence: [] } as const;
    const snapshot = (hash: string, memoryBytes: number) =>
      runs.addSnapshot({ hash, values: { memory_limit: memoryBytes } });
    await snapshot("small", 256 * 1024 ** 2);
    await snapshot("large", 512 * 1024 ** 2);
    const made = [
      makeRun({ server: "b", state: "ended", configHash: "small", verdict: { ...verdict, kind: "completed" } }),
      makeRun({ server: "b", state: "ended", configHash: "large", verdict: { ...verdict, kind: "oom_killed" } }),
      makeRun({ server: "b", state: "ended", configHash: "large", verdict: { ...verdict, kind: "oom_killed" } }),
    ];
    for (const run of made) await runs.create(run, testOwner);
    const last = made[2]?.id ?? "";
    expect(await data(`/runs/${last}/diff`)).toMatchObject({ against: { id: made[1]?.id }, changes: [] });
    expect(await data(`/runs/${last}/diff?against=last-good`)).toMatchObject({
      against: { id: made[0]?.id },
      changes: [{ label: "memory limit", before: "256 MiB", after: "512 MiB" }],
    });
  });
});
