import { describe, expect, test } from "vitest";
import { openHttpFront } from "./testing/http-front.ts";
import { openRawSession, rpcRequest } from "./testing/raw-client.ts";

const deadlineMs = 60_000;
const version = "2025-03-26";

describe("a batch of a session of 2025-03-26", () => {
  test(
    "is answered with one array of JSON when nothing else comes",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url, version);
      const notification = { jsonrpc: "2.0", method: "notifications/roots/list_changed" };
      const posted = session.post([rpcRequest(1, "tools/list"), notification, rpcRequest("b", "prompts/list")]);
      const [tools, prompts] = [await front.server.sentOf("tools/list"), await front.server.sentOf("prompts/list")];
      front.server.say({ id: prompts.id, result: { prompts: [] } });
      front.server.say({ id: tools.id, result: { tools: [] } });
      const answer = await posted;
      expect(JSON.parse(await answer.body())).toMatchObject([
        { id: "b", result: { prompts: [] } },
        { id: 1, result: { tools: [] } },
      ]);
      expect(front.server.sent.map(({ method }) => method)).toContain("notifications/roots/list_changed");
    },
    deadlineMs,
  );

  test(
    "is answered with one stream when a message comes before the last result",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url, version);
      const call = rpcRequest(2, "tools/call", { name: "t", _meta: { progressToken: "p" } });
      const posted = session.post([rpcRequest(1, "tools/list"), call]);
      const [list, called] = [await front.server.sentOf("tools/list"), await front.server.sentOf("tools/call")];
      front.server.say({ id: list.id, result: {} });
      front.server.say({ method: "notifications/progress", params: { progressToken: called.id, progress: 1 } });
      front.server.say({ id: called.id, result: {} });
      const answer = await posted;
      await answer.body();
      expect(answer.messages).toMatchObject([{ id: 1 }, { method: "notifications/progress" }, { id: 2 }]);
    },
    deadlineMs,
  );

  test(
    "of notifications and responses only is accepted with 202",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url, version);
      const answer = await session.post([
        { jsonrpc: "2.0", method: "notifications/initialized" },
        { jsonrpc: "2.0", id: 9, result: {} },
      ]);
      expect([answer.status, await answer.body()]).toEqual([202, ""]);
    },
    deadlineMs,
  );

  test(
    "has an error for each element that is no message, and for initialize",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url, version);
      const answer = await session.post([{ foo: 1 }, 7, rpcRequest(3, "initialize")]);
      const errors = [
        { id: null, error: { code: -32600 } },
        { id: null, error: {} },
        { id: 3, error: { code: -32600 } },
      ];
      expect(JSON.parse(await answer.body())).toMatchObject(errors);
    },
    deadlineMs,
  );

  test(
    "with a cancelled call ends when the others are answered",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url, version);
      const posted = session.post([rpcRequest(1, "tools/list"), rpcRequest(2, "prompts/list")]);
      const list = await front.server.sentOf("tools/list");
      await front.server.sentOf("prompts/list");
      await session.post({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 2 } });
      front.server.say({ id: list.id, result: {} });
      expect(JSON.parse(await (await posted).body())).toMatchObject([{ id: 1, result: {} }]);
    },
    deadlineMs,
  );

  test.each([[[]], [Array.from({ length: 1_001 }, () => ({}))]])(
    "is refused when it is empty or too long",
    async (batch) => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url, version);
      expect((await session.post(batch)).status).toBe(400);
    },
    deadlineMs,
  );
});

test.each(["2024-11-05", "2025-06-18", "2025-11-25"])(
  "a session of %s has no batches",
  async (other) => {
    await using front = await openHttpFront();
    const session = await openRawSession(front.url, other);
    const answer = await session.post([rpcRequest(1, "tools/list")]);
    expect(answer.status).toBe(400);
    expect(await answer.body()).toContain(`Revision ${other}`);
  },
  deadlineMs,
);
