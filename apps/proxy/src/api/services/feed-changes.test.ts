import { expect, test } from "vitest";
import { RunFeed } from "../../runs/run-feed.ts";
import { feedChanges } from "./feed-changes.ts";

test("changes come in order until the signal", async () => {
  const feed = new RunFeed();
  const stop = new AbortController();
  const changes = feedChanges(feed, stop.signal);
  const first = changes.next();
  feed.publish({ kind: "status" });
  feed.publish({ kind: "server-removed", name: "a" });
  expect([(await first).value, (await changes.next()).value]).toEqual([
    { kind: "status" },
    { kind: "server-removed", name: "a" },
  ]);
  const last = changes.next();
  stop.abort();
  expect(await last).toEqual({ done: true, value: undefined });
});

test("a reader that stays away is given up: nothing piles up for it, and its stream ends", async () => {
  const feed = new RunFeed();
  const changes = feedChanges(feed, new AbortController().signal);
  const first = changes.next();
  for (let count = 0; count < 5_000; count += 1) feed.publish({ kind: "status" });
  await first;
  expect(await changes.next()).toEqual({ done: true, value: undefined });
});
