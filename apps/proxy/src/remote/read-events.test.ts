import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readEvents, type StreamEvent } from "./read-events.ts";

async function eventsOf(chunks: readonly Buffer[], maxEventBytes = 1_000) {
  const events: (Omit<StreamEvent, "data"> & { readonly data: string })[] = [];
  const retries: number[] = [];
  await readEvents(Readable.from(chunks), {
    maxEventBytes,
    onEvent: (event) => events.push({ ...event, data: event.data.toString() }),
    onRetry: (delayMs) => retries.push(delayMs),
  });
  return { events, retries };
}

const text =
  ': hello\n\nretry: 1500\nid: 7\ndata: {"a":"é"}\n\nevent: endpoint\r\ndata:/x\r\n\r\nid\ndata: 1\ndata: 2\n\nid: 8\ndata:\n\ndata: lost';

it("reads fields, comments, several lines of data, and drops what has no end", async () => {
  expect(await eventsOf([Buffer.from(text)])).toEqual({
    events: [
      { type: "message", id: "7", data: '{"a":"é"}' },
      { type: "endpoint", id: "7", data: "/x" },
      { type: "message", id: "", data: "1\n2" },
      { type: "message", id: "8", data: "" },
    ],
    retries: [1500],
  });
});

it("reads the same events however the bytes are cut", async () => {
  const bytes = Buffer.from(text);
  const whole = await eventsOf([bytes]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(await eventsOf(chunks)).toEqual(whole);
    }),
  );
});

it.each(["data: 0123456789\n\n", "data: 01234\ndata: 56789\n\n", "01234567890"])(
  "ends a stream with a message over the bound: %j",
  async (long) => {
    await expect(eventsOf([Buffer.from(long)], 10)).rejects.toThrow("over the limit of 10");
  },
);
