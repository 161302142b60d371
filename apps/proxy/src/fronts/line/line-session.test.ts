import { PassThrough } from "node:stream";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { everything, startTestService } from "../../testing/start-test-service.ts";
import { until } from "../../testing/until.ts";
import { serveLines } from "./line-session.ts";

type Json = Readonly<Record<string, unknown>>;

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": { sampling: {} },
};

test("one connection of lines speaks both eras, to a real server of the legacy era", async () => {
  await using started = await startTestService({ mcpServers: { everything: { ...everything, name: undefined } } });
  const server = started.service.core.supervisor.find("everything");
  if (server === undefined) throw new Error("no server");
  const [input, output] = [new PassThrough(), new PassThrough()];
  const received: Json[] = [];
  createInterface({ input: output }).on("line", (line) => received.push(JSON.parse(line)));
  const served = serveLines(server, { input, output });
  const send = (message: object): void => void input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const answerTo = (id: unknown): Promise<Json> =>
    until(`the answer to ${String(id)}`, () => received.find((message) => message["id"] === id), 30_000);

  send({ id: "d", method: "server/discover", params: { _meta: meta } });
  expect(await answerTo("d")).toMatchObject({ result: { supportedVersions: ["2026-07-28"] } });
  send({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {} } });
  expect(await answerTo(1)).toMatchObject({ result: { protocolVersion: "2025-11-25" } });

  const params = { name: "trigger-sampling-request", arguments: { prompt: "p", maxTokens: 5 }, _meta: meta };
  send({ id: "s", method: "tools/call", params });
  expect(await answerTo("s")).toMatchObject({ result: { resultType: "input_required" } });

  const slow = { name: "trigger-long-running-operation", arguments: { duration: 600, steps: 600 }, _meta: meta };
  send({ id: "x", method: "tools/call", params: slow });
  await until("both calls", () => (server.bridge.callsInFlight === 2 ? true : undefined), 30_000);
  send({ method: "notifications/cancelled", params: { requestId: "x" } });
  await until("the cancelled call to be gone", () => (server.bridge.callsInFlight === 1 ? true : undefined), 30_000);

  input.end();
  await served;
  expect(server.bridge.callsInFlight).toBe(0);
}, 90_000);
