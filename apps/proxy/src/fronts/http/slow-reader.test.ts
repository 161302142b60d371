import { createServer, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import { Outlets } from "./outlet.ts";
import { openHttpFront, type HttpFront } from "./testing/http-front.ts";
import { jsonHeaders, openRawSession, rpcRequest, type RawSession } from "./testing/raw-client.ts";

const deadlineMs = 120_000;
const mebibyte = 1024 * 1024;
const large = "x".repeat(8 * mebibyte);

/** Posts a call on a connection of its own, and reads nothing of the answer. */
function postWithoutReading(front: HttpFront, { id: sessionId }: RawSession, id: number): Socket {
  const { hostname, port, pathname } = new URL(front.url);
  const body = JSON.stringify(rpcRequest(id, "tools/call", { name: "large", _meta: { progressToken: id } }));
  const headers = { ...jsonHeaders, host: hostname, "mcp-session-id": sessionId, "content-length": body.length };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const socket = connect(Number(port), hostname).on("error", () => undefined);
  socket.pause().write(`POST ${pathname} HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n${body}`);
  return socket;
}

/** What the server was asked, newest last. */
const callsAt = (front: HttpFront): readonly unknown[] =>
  front.server.sent.filter(({ method }) => method === "tools/call").map(({ id }) => id);

describe("a client that does not read", () => {
  test(
    "gets no more results at some point, while others get 100 MB of theirs",
    async () => {
      await using front = await openHttpFront();
      const [slow, quick] = [await openRawSession(front.url, "2025-06-18"), await openRawSession(front.url)];
      const sockets = Array.from({ length: 20 }, (_, index) => postWithoutReading(front, slow, index));
      const asked = await until(
        "the calls of the slow one",
        () => (callsAt(front).length === sockets.length ? callsAt(front) : undefined),
        deadlineMs,
      );
      for (const id of asked) front.server.say({ id, result: { large } });
      let readBytes = 0;
      for (let count = 0; count < 13; count += 1) {
        const posted = quick.post(rpcRequest(count, "tools/list"));
        const { id } = await until(
          "the call of the quick one",
          () => front.server.sent.filter(({ method }) => method === "tools/list")[count],
          deadlineMs,
        );
        front.server.say({ id, result: { large } });
        readBytes += (await (await posted).body()).length;
      }
      expect(readBytes).toBeGreaterThan(100 * mebibyte);
      // 16 MiB may wait, and the one that went over it; what the kernel took does not count.
      const waitingBytes = front.sessions.outlets.unsentBytes;
      expect(waitingBytes).toBeLessThan(32 * mebibyte);
      expect(front.notes.length).toBeGreaterThan(10);
      for (const socket of sockets) socket.destroy();
    },
    deadlineMs,
  );

  test(
    "loses the connection of its stream, not the call: it comes back for the result",
    async () => {
      await using front = await openHttpFront({ queuedBytes: mebibyte });
      const session = await openRawSession(front.url, "2025-06-18");
      const socket = postWithoutReading(front, session, 1);
      const { id } = await front.server.sentOf("tools/call");
      const params = { progressToken: id, progress: 1, message: "x".repeat(mebibyte) };
      const sendUntil = (what: string, isSo: () => boolean): Promise<true> =>
        until(
          what,
          () => {
            front.server.say({ method: "notifications/progress", params });
            return isSo() || undefined;
          },
          deadlineMs,
        );
      await sendUntil("it lags behind", () => front.sessions.outlets.unsentBytes > mebibyte);
      await sendUntil("its connection is cut", () => front.sessions.outlets.unsentBytes === 0);
      front.server.say({ id, result: { done: true } });
      const back = await session.get({ "last-event-id": "p1-0" });
      await back.body();
      expect(back.messages.at(-1)).toMatchObject({ id: 1, result: { done: true } });
      socket.destroy();
    },
    deadlineMs,
  );
});

test(
  "when all clients together lag too far behind, the one that has waited longest is cut off",
  async () => {
    const outlets = new Outlets(() => mebibyte, 10 * mebibyte);
    const responses: ServerResponse[] = [];
    const server = createServer((_request, response) => void responses.push(response));
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const sockets = [1, 2, 3].map(() =>
      connect(port, "127.0.0.1")
        .on("error", () => undefined)
        .pause(),
    );
    for (const socket of sockets) socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await until("the requests", () => responses.length === 3 || undefined, deadlineMs);
    for (const response of responses) {
      response.end(Buffer.alloc(16 * mebibyte));
      outlets.ofResponses.wrote(response);
    }
    expect(responses.map(({ destroyed }) => destroyed)).toEqual([true, true, false]);
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  },
  deadlineMs,
);
