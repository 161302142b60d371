import { expect, test } from "vitest";
import { startTestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { clientOf, supervisedEntry, supervisorOf } from "./testing/supervised-server.ts";

const secret = "s3cr3t-value-of-the-server";
const given = { name: "sleep", arguments: { query: "cats", token: secret, long: "x".repeat(5_000) } };

/** The calls that were in flight when the server died. */
async function callsAtDeath(history: object) {
  const server = { ...supervisedEntry(), env: { TOKEN: secret } };
  await using running = await startTestService({ history, mcpServers: [server] });
  await running.service.startServers();
  const supervisor = supervisorOf(running);
  const client = clientOf(supervisor);
  void client.ask("hang", given);
  await until("the call is in flight", () => supervisor.record().run?.callsInFlight === 1 || undefined);
  await client.ask("die");
  const { runs } = running.service.core.store;
  const ended = await until("the run is stored", async () => (await runs.list({ limit: 1, state: "ended" })).runs[0]);
  return (await runs.find(ended.id))?.callsInFlight.filter(({ method }) => method === "hang");
}

test("arguments of calls in flight at the end are kept where the config says so: cut, and without secrets", async () => {
  const [call] = (await callsAtDeath({ record_arguments: true })) ?? [];
  expect(call).toMatchObject({ method: "hang", tool: "sleep" });
  expect(call?.arguments).toContain('"query":"cats"');
  expect(call?.arguments).not.toContain(secret);
  expect(call?.arguments?.length).toBe(2_000);
});

test("else they are not", async () => {
  expect(await callsAtDeath({})).toEqual([expect.not.objectContaining({ arguments: expect.anything() })]);
});
