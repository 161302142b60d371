import { expect, test } from "vitest";
import { RunFeed } from "../../runs/run-feed.ts";
import { makeRun } from "../../store/testing/make-run.ts";
import { ChangeHistory, type NumberedChange } from "./change-history.ts";

const removed = (name: string) => ({ kind: "server-removed", name }) as const;

function open(): { feed: RunFeed; history: ChangeHistory } {
  const feed = new RunFeed();
  return { feed, history: new ChangeHistory(feed, "e1") };
}

async function take(changes: AsyncGenerator<NumberedChange>, count: number): Promise<readonly NumberedChange[]> {
  const taken: NumberedChange[] = [];
  while (taken.length < count) {
    const { value } = await changes.next();
    if (value !== undefined) taken.push(value);
  }
  return taken;
}

test("a new reader gets hello, then every change in order, until the signal", async () => {
  const { feed, history } = open();
  feed.publish(removed("before"));
  const stop = new AbortController();
  const changes = history.follow(undefined, stop.signal);
  expect(await take(changes, 1)).toEqual([{ id: "e1.1", change: { kind: "hello" } }]);
  const next = changes.next();
  feed.publish(removed("a"));
  feed.publish(removed("b"));
  expect((await next).value).toEqual({ id: "e1.2", change: removed("a") });
  expect(await take(changes, 1)).toEqual([{ id: "e1.3", change: removed("b") }]);
  const last = changes.next();
  stop.abort();
  expect(await last).toEqual({ done: true, value: undefined });
});

test("a reader that comes back gets exactly what it missed, and no hello", async () => {
  const { feed, history } = open();
  const first = new AbortController();
  const before = history.follow(undefined, first.signal);
  feed.publish(removed("a"));
  const [hello] = await take(before, 1);
  first.abort();
  for (let index = 0; index < 500; index += 1) feed.publish(removed(`missed-${index}`));
  const again = history.follow(hello?.id, new AbortController().signal);
  const missed = await take(again, 500);
  expect(missed.map(({ change }) => change)).toEqual(
    Array.from({ length: 500 }, (_unused, index) => removed(`missed-${index}`)),
  );
  const next = again.next();
  feed.publish(removed("live"));
  expect((await next).value?.change).toEqual(removed("live"));
});

test.each([
  ["away for longer than is kept", "e1.0"],
  ["of an earlier proxy", "e0.1"],
  ["from the future", "e1.999999"],
  ["with an id that is none", "nonsense"],
])("a reader %s gets hello", async (_name, lastEventId) => {
  const { feed, history } = open();
  for (let index = 0; index < 1_001; index += 1) feed.publish({ kind: "status" });
  const [first] = await take(history.follow(lastEventId, new AbortController().signal), 1);
  expect(first).toEqual({ id: "e1.1001", change: { kind: "hello" } });
});

test("a reader that stays away piles nothing up, and is told to fetch everything", async () => {
  const { feed, history } = open();
  const changes = history.follow(undefined, new AbortController().signal);
  await take(changes, 1);
  for (let index = 0; index < 5_000; index += 1) feed.publish({ kind: "status" });
  expect(await take(changes, 1)).toEqual([{ id: "e1.5000", change: { kind: "hello" } }]);
});

test("long stderr tails make the history shorter, not larger", async () => {
  const { feed, history } = open();
  const run = makeRun({ stderrTail: ["x".repeat(64 * 1024)] });
  for (let index = 0; index < 100; index += 1) feed.publish({ kind: "run", run });
  const [tooOld] = await take(history.follow("e1.50", new AbortController().signal), 1);
  expect(tooOld?.change.kind).toBe("hello");
  const [recent] = await take(history.follow("e1.90", new AbortController().signal), 1);
  expect(recent?.change.kind).toBe("run");
});
