import { describe, expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import type { Json } from "../modern/testing/fake-server.ts";
import { openHttpFront, type HttpFront } from "./testing/http-front.ts";
import { openRawSession, rpcRequest, type Exchange, type RawSession } from "./testing/raw-client.ts";

const deadlineMs = 60_000;
const progressOf = (progressToken: unknown, progress: number): Json => ({
  method: "notifications/progress",
  params: { progressToken, progress },
});
const changed = { method: "notifications/tools/list_changed" };

/** A call with one progress notification, so that it is a stream. */
async function openCall(front: HttpFront, session: RawSession) {
  const posted = session.post(rpcRequest(1, "tools/call", { name: "t", _meta: { progressToken: "p" } }));
  const { id } = await front.server.sentOf("tools/call");
  front.server.say(progressOf(id, 1));
  const stream = await posted;
  return { id, stream };
}

const lastIdOf = (stream: Exchange): string => stream.events.at(-1)?.id ?? "none";

describe("a call whose connection breaks", () => {
  test(
    "goes on: its client comes back for what came meanwhile, and the rest",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const { id, stream } = await openCall(front, session);
      await stream.received(2);
      stream.cut();
      await until("the break", () => stream.isOver || undefined, deadlineMs);
      front.server.say(progressOf(id, 2));
      const back = await session.get({ "last-event-id": lastIdOf(stream) });
      await back.received(1);
      front.server.say(progressOf(id, 3));
      front.server.say({ id, result: { content: [] } });
      await back.body();
      expect(back.messages).toMatchObject([
        { params: { progressToken: "p", progress: 2 } },
        { params: { progressToken: "p", progress: 3 } },
        { id: 1, result: { content: [] } },
      ]);
      expect(front.server.sent.filter(({ method }) => method === "notifications/cancelled")).toEqual([]);
    },
    deadlineMs,
  );

  test(
    "has its result kept until its client comes back",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const { id, stream } = await openCall(front, session);
      await stream.received(2);
      stream.cut();
      await until("the break", () => stream.isOver || undefined, deadlineMs);
      front.server.say({ id, result: { late: true } });
      const back = await session.get({ "last-event-id": lastIdOf(stream) });
      await back.body();
      expect(back.messages).toMatchObject([{ id: 1, result: { late: true } }]);
    },
    deadlineMs,
  );

  test(
    "becomes a stream soon and begins with an event without data, so that a quiet call survives a break too",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const stream = await session.post(rpcRequest(1, "tools/call", { name: "t" }));
      const [priming] = await stream.received(1);
      expect(priming).toEqual({ id: "p1-0", event: undefined, retry: "1000", data: "" });
      stream.cut();
      const { id } = await front.server.sentOf("tools/call");
      const back = await session.get({ "last-event-id": "p1-0" });
      front.server.say({ id, result: {} });
      await back.body();
      expect(back.messages).toMatchObject([{ id: 1, result: {} }]);
    },
    deadlineMs,
  );

  test(
    "takes the stream over from a connection that only seems to be open",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const { id, stream } = await openCall(front, session);
      await stream.received(2);
      const back = await session.get({ "last-event-id": lastIdOf(stream) });
      await stream.body();
      front.server.say({ id, result: {} });
      await back.body();
      expect([stream.messages.length, back.messages]).toMatchObject([1, [{ id: 1 }]]);
    },
    deadlineMs,
  );

  test(
    "is told when its result was too large to be kept, and the run has an event of it",
    async () => {
      await using front = await openHttpFront({ queuedBytes: 1_000 });
      const session = await openRawSession(front.url);
      const { id, stream } = await openCall(front, session);
      await stream.received(2);
      stream.cut();
      await until("the break", () => stream.isOver || undefined, deadlineMs);
      front.server.say({ id, result: { text: "x".repeat(5_000) } });
      const back = await session.get({ "last-event-id": lastIdOf(stream) });
      await back.body();
      expect(back.messages).toMatchObject([{ id: 1, error: { code: -32001 } }]);
      expect(front.notes).toHaveLength(1);
    },
    deadlineMs,
  );

  test(
    "a client of an older revision gets no event without data, which it would take for a message",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url, "2025-06-18");
      const { id, stream } = await openCall(front, session);
      front.server.say({ id, result: {} });
      await stream.body();
      expect(stream.events.map(({ id: eventId }) => eventId)).toEqual(["p1-1", "p1-2"]);
    },
    deadlineMs,
  );
});

describe("a GET stream", () => {
  test(
    "gives its events ids, and goes on behind the last one that the client has",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const stream = await session.get();
      front.server.say(changed);
      front.server.say({ method: "notifications/prompts/list_changed" });
      const events = await stream.received(3);
      expect(events.map(({ id }) => id)).toEqual(["g1-0", "g1-1", "g1-2"]);
      stream.cut();
      const back = await session.get({ "last-event-id": "g1-1" });
      await back.received(1);
      front.server.say(changed);
      await back.received(2);
      expect(back.events.map(({ id }) => id)).toEqual(["g1-2", "g1-3"]);
    },
    deadlineMs,
  );

  test(
    "gets what came while none was open",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      front.server.say(changed);
      const stream = await session.get();
      await stream.received(2);
      expect(stream.messages).toMatchObject([changed]);
    },
    deadlineMs,
  );

  test(
    "keeps only so much for a client that is away, the newest",
    async () => {
      await using front = await openHttpFront({ queuedMessages: 3 });
      const session = await openRawSession(front.url);
      for (const data of [1, 2, 3, 4, 5])
        front.server.say({ method: "notifications/message", params: { level: "info", data } });
      const stream = await session.get();
      await stream.received(4);
      expect(stream.messages.map(({ params }) => params)).toMatchObject([{ data: 3 }, { data: 4 }, { data: 5 }]);
    },
    deadlineMs,
  );

  test(
    "is one of several, and each message goes to only one of them: the last opened",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const first = await session.get();
      const second = await session.get();
      front.server.say(changed);
      await second.received(2);
      second.cut();
      await until("the break", () => second.isOver || undefined, deadlineMs);
      await until(
        "the front noticed",
        () => front.sessionOf(session.id)?.streams.listeningCount === 1 || undefined,
        deadlineMs,
      );
      front.server.say({ method: "notifications/prompts/list_changed" });
      await first.received(2);
      expect([first.messages, second.messages]).toMatchObject([
        [{ method: "notifications/prompts/list_changed" }],
        [changed],
      ]);
    },
    deadlineMs,
  );

  test.each(["nonsense", "p77-1", "g", "p1-0x"])(
    "cannot go on behind %s: 400, because 404 would end the session",
    async (lastEventId) => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const answer = await session.get({ "last-event-id": lastEventId });
      expect(answer.status).toBe(400);
      expect(await answer.body()).toContain("Nothing is left behind the event");
    },
    deadlineMs,
  );

  test(
    "whose events are gone goes on with what is new",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const stream = await session.get({ "last-event-id": "g9-9" });
      front.server.say(changed);
      await stream.received(2);
      expect([stream.status, stream.messages]).toMatchObject([200, [changed]]);
    },
    deadlineMs,
  );

  test(
    "of another session cannot be had: its events are not sent",
    async () => {
      await using front = await openHttpFront();
      const [one, other] = [await openRawSession(front.url), await openRawSession(front.url)];
      const { id, stream } = await openCall(front, one);
      await stream.received(2);
      expect((await other.get({ "last-event-id": lastIdOf(stream) })).status).toBe(400);
      front.server.say({ id, result: {} });
      await stream.body();
    },
    deadlineMs,
  );
});
