import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

/** Asks for a turn and writes down what happened. */
function ask(turns: Turns, events: string[], name: string) {
  const abort = new AbortController();
  const taken = turns.take({
    signal: abort.signal,
    onWait: (starting) => events.push(`${name} waits for ${starting}`),
  });
  taken.then(
    () => events.push(`${name} starts`),
    () => events.push(`${name} gave up`),
  );
  return { taken, abort };
}

test("turns are given in the order of asking, and not more than the limit at once", async () => {
  const turns = new Turns(1);
  const events: string[] = [];
  const [a, b, c] = [ask(turns, events, "a"), ask(turns, events, "b"), ask(turns, events, "c")];
  (await a.taken)();
  (await b.taken)();
  (await c.taken)();
  expect(events).toEqual(["b waits for 1", "c waits for 1", "a starts", "b starts", "c starts"]);
});

test("a turn that is given back twice counts once", async () => {
  const turns = new Turns(1);
  const events: string[] = [];
  const release = await ask(turns, events, "a").taken;
  release();
  release();
  const b = await ask(turns, events, "b").taken;
  ask(turns, events, "c");
  expect(events).toContain("c waits for 1");
  b();
});

test("who gives up does not take a turn with it", async () => {
  const turns = new Turns(1);
  const events: string[] = [];
  const release = await ask(turns, events, "a").taken;
  const b = ask(turns, events, "b");
  const c = ask(turns, events, "c");
  b.abort.abort(new Error("stopped"));
  await expect(b.taken).rejects.toThrow("stopped");
  release();
  await c.taken;
  expect(events).toContain("c starts");
});

test("a higher limit lets those in who wait", async () => {
  const turns = new Turns(1);
  const events: string[] = [];
  await ask(turns, events, "a").taken;
  const b = ask(turns, events, "b");
  turns.setLimit(2);
  await b.taken;
  expect(events).toContain("b starts");
});
