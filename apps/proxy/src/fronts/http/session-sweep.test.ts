import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openHttpFront } from "./testing/http-front.ts";
import { exchange, openRawSession, rpcRequest } from "./testing/raw-client.ts";

const deadlineMs = 60_000;
const minuteMs = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => void vi.useRealTimers());

test(
  "a session without calls and streams is over after its time; calls and streams keep it",
  async () => {
    await using front = await openHttpFront({ sessionIdleMs: 10 * minuteMs });
    const [idle, listening, calling] = [
      await openRawSession(front.url),
      await openRawSession(front.url),
      await openRawSession(front.url),
    ];
    await listening.get();
    const posted = calling.post(rpcRequest(1, "tools/list"));
    const { id } = await front.server.sentOf("tools/list");
    const sse = await exchange({ method: "GET", url: `${front.url}/sse`, headers: { accept: "text/event-stream" } });
    await sse.received(1);
    vi.advanceTimersByTime(30 * minuteMs);
    expect([idle, listening, calling].map((session) => front.sessionOf(session.id)?.session.id)).toEqual([
      undefined,
      listening.id,
      calling.id,
    ]);
    expect(sse.isOver).toBe(false);
    front.server.say({ id, result: {} });
    expect((await posted).status).toBe(200);
  },
  deadlineMs,
);

test(
  "what is kept of a stream whose client does not come back goes after five minutes, a call's result not before it is there",
  async () => {
    await using front = await openHttpFront();
    const session = await openRawSession(front.url);
    const stream = await session.post(rpcRequest(1, "tools/call", { name: "t" }));
    await stream.received(1);
    stream.cut();
    const { id } = await front.server.sentOf("tools/call");
    // By the answer to this, the break is known too.
    await session.post({ jsonrpc: "2.0", method: "notifications/initialized" });
    vi.advanceTimersByTime(20 * minuteMs);
    front.server.say({ id, result: {} });
    vi.advanceTimersByTime(4 * minuteMs);
    const back = await session.get({ "last-event-id": "p1-0" });
    await back.body();
    expect(back.messages).toMatchObject([{ id: 1, result: {} }]);
    vi.advanceTimersByTime(7 * minuteMs);
    expect((await session.get({ "last-event-id": "p1-0" })).status).toBe(400);
  },
  deadlineMs,
);
