import { describe, expect, test } from "vitest";
import { clientOf, supervisedEntry, supervisorOf } from "../../runs/testing/supervised-server.ts";
import { startTestService } from "../../testing/start-test-service.ts";
import { until } from "../../testing/until.ts";
import { openHttpFront } from "./testing/http-front.ts";
import { exchange, jsonHeaders, openRawSession, rpcRequest, type Exchange } from "./testing/raw-client.ts";

const deadlineMs = 60_000;
const initialize = JSON.stringify(
  rpcRequest(0, "initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} }),
);
const errorOf = async (answer: Exchange): Promise<unknown> => [answer.status, JSON.parse(await answer.body())];

describe("what is over a limit fails alone, with the limit's name, and is an event of the run", () => {
  test(
    "a body",
    async () => {
      await using front = await openHttpFront({ bodyBytes: 2_000 });
      const session = await openRawSession(front.url);
      const answer = await session.post(rpcRequest(1, "tools/call", { text: "x".repeat(3_000) }));
      expect(await errorOf(answer)).toMatchObject([413, { error: { code: -32001 } }]);
      expect(answer.text).toContain("limits.max_body");
      expect(front.notes).toHaveLength(1);
      expect((await session.post({ jsonrpc: "2.0", method: "notifications/initialized" })).status).toBe(202);
    },
    deadlineMs,
  );

  test(
    "a session too many, while all others are in use; an idle one gives way",
    async () => {
      await using front = await openHttpFront({ sessions: 2 });
      const [one, other] = [await openRawSession(front.url), await openRawSession(front.url)];
      const streams = [await one.get(), await other.get()];
      const refused = await exchange({ method: "POST", url: front.url, headers: jsonHeaders, body: initialize });
      expect(await errorOf(refused)).toMatchObject([503, { error: { code: -32001 } }]);
      const sse = await exchange({ method: "GET", url: `${front.url}/sse`, headers: { accept: "text/event-stream" } });
      expect(await errorOf(sse)).toMatchObject([503, { error: { code: -32001 } }]);
      expect(front.notes).toHaveLength(2);
      expect(streams.map(({ isOver }) => isOver)).toEqual([false, false]);
    },
    deadlineMs,
  );

  test(
    "an idle session gives way to a new one",
    async () => {
      await using front = await openHttpFront({ sessions: 2 });
      const [idle, used] = [await openRawSession(front.url), await openRawSession(front.url)];
      await used.get();
      await openRawSession(front.url);
      expect([front.sessionOf(idle.id), front.sessionOf(used.id)?.session.id]).toEqual([undefined, used.id]);
    },
    deadlineMs,
  );

  test(
    "a stream",
    async () => {
      await using front = await openHttpFront({ streamsPerSession: 1 });
      const session = await openRawSession(front.url);
      const first = await session.get();
      expect(await errorOf(await session.get())).toMatchObject([429, { error: { code: -32001 } }]);
      expect([first.isOver, front.notes.length]).toEqual([false, 1]);
    },
    deadlineMs,
  );

  test(
    "a call",
    async () => {
      await using front = await openHttpFront({ callsPerSession: 1 });
      const session = await openRawSession(front.url);
      const first = session.post(rpcRequest(1, "tools/list"));
      const { id } = await front.server.sentOf("tools/list");
      const second = await session.post(rpcRequest(2, "prompts/list"));
      expect(await errorOf(second)).toMatchObject([200, { id: 2, error: { code: -32001 } }]);
      front.server.say({ id, result: {} });
      expect(await errorOf(await first)).toMatchObject([200, { id: 1, result: {} }]);
      expect(front.notes).toHaveLength(1);
    },
    deadlineMs,
  );
});

test(
  "the limits of the config hold at once, and what is over them is an event of the stored run",
  async () => {
    await using started = await startTestService({ mcpServers: [supervisedEntry()] });
    const server = supervisorOf(started);
    await clientOf(server).ask("tools/list");
    const session = await openRawSession(`${started.url}/mcp/a`);
    const post = () => session.post(rpcRequest(1, "tools/call", { text: "x".repeat(3_000) }));
    expect((await post()).status).toBe(200);
    await started.writeConfig(JSON.stringify({ limits: { max_body: "2k" }, mcpServers: [supervisedEntry()] }));
    await until("the new limit", async () => ((await post()).status === 413 ? true : undefined), deadlineMs);
    const runId = server.record().run?.id ?? "none";
    const event = await until(
      "the event",
      async () => {
        const events = await started.service.core.store.runs.events(runId);
        return events.find(({ kind }) => kind === "limit-exceeded");
      },
      deadlineMs,
    );
    expect(event.message).toContain("larger than 2048 bytes (limits.max_body)");
  },
  deadlineMs,
);
