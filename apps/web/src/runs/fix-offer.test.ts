import { expect, test } from "vitest";
import { exampleRun } from "./example-run.test-data.ts";
import { fixOffer } from "./fix-offer.ts";

const server = { name: exampleRun.server, limits: exampleRun.limits };

test("an out-of-memory run of a server that still has that limit offers the next one", () => {
  expect(fixOffer(exampleRun, [server])).toEqual({ key: "memory_limit", operation: "set", value: "128m" });
});

test("nothing is offered when the limit is another one by now, or the server is gone", () => {
  const raised = { ...server, limits: { ...server.limits, memoryBytes: 2 ** 30 } };
  expect(fixOffer(exampleRun, [raised])).toBeUndefined();
  expect(fixOffer(exampleRun, [])).toBeUndefined();
});
