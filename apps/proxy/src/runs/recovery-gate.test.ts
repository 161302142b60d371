import { expect, test } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { testEnvironment } from "../engine/testing/docker-fixture.ts";
import { RecoveryGate } from "./recovery-gate.ts";

const engine = createDockerEngine({ environment: testEnvironment, instanceId: "gate" });
const { signal } = new AbortController();

test("a start waits for the recovery of its engine, and only of that", async () => {
  const gate = new RecoveryGate();
  const other = createDockerEngine({ environment: testEnvironment, instanceId: "other" });
  const recovery = Promise.withResolvers<void>();
  gate.close(engine, recovery.promise);
  await gate.passed(other, signal);
  let hasPassed = false;
  const passed = gate.passed(engine, signal).then(() => (hasPassed = true));
  await new Promise(setImmediate);
  expect(hasPassed).toBe(false);
  recovery.resolve();
  await passed;
  expect(gate.all).toEqual([]);
  await gate.passed(engine, signal);
});

test("a stop does not wait with it", async () => {
  const gate = new RecoveryGate();
  gate.close(engine, new Promise(() => undefined));
  const stop = new AbortController();
  const passed = gate.passed(engine, stop.signal);
  stop.abort();
  await passed;
  await gate.passed(engine, stop.signal);
  expect(gate.runningOn(engine)).toBeDefined();
});
