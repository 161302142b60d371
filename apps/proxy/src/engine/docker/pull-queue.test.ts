import { expect, it } from "vitest";
import { createPullQueue } from "./pull-queue.ts";

interface Job {
  readonly stop: AbortController;
  readonly end: () => void;
  readonly result: Promise<string>;
}

function startJob(queue: ReturnType<typeof createPullQueue>, name: string, seen: string[]): Job {
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const result = queue.run({
    signal: stop.signal,
    onQueued: () => seen.push(`${name} waits`),
    work: () => {
      seen.push(`${name} runs`);
      return promise;
    },
  });
  result.catch(() => undefined);
  return { stop, end: () => resolve(name), result };
}

it("runs as many as allowed, and the others in the order they came", async () => {
  const queue = createPullQueue(2);
  const seen: string[] = [];
  const [one, two, three, four] = ["1", "2", "3", "4"].map((name) => startJob(queue, name, seen));
  await Promise.resolve();
  expect(seen).toEqual(["3 waits", "4 waits", "1 runs", "2 runs"]);
  two?.end();
  await two?.result;
  one?.end();
  await one?.result;
  await Promise.resolve();
  expect(seen.slice(4)).toEqual(["3 runs", "4 runs"]);
  three?.end();
  four?.end();
  expect(await Promise.all([three?.result, four?.result])).toEqual(["3", "4"]);
});

it("gives the place of an aborted one to the next, whether it ran or waited", async () => {
  const queue = createPullQueue(1);
  const seen: string[] = [];
  const [one, two, three] = ["1", "2", "3"].map((name) => startJob(queue, name, seen));
  two?.stop.abort(new Error("gave up"));
  await expect(two?.result).rejects.toThrow("gave up");
  one?.stop.abort(new Error("gave up"));
  await expect(one?.result).rejects.toThrow("gave up");
  three?.end();
  expect(await three?.result).toBe("3");
  expect(seen).not.toContain("2 runs");
});
