import { afterEach, expect, test, vi } from "vitest";
import { EngineError, type Workload } from "../engine/engine.ts";
import { systemClock } from "./clock.ts";
import { stopWorkload } from "./stop-workload.ts";

afterEach(() => vi.useRealTimers());

/** A workload whose engine went away: it takes no signal and never tells its end. */
function unreachable(): Workload & { readonly tried: string[] } {
  const tried: string[] = [];
  return {
    id: "x",
    tried,
    start: () => Promise.resolve(),
    write: () => true,
    onDrain: () => undefined,
    closeStdin: () => undefined,
    signal: (name) => {
      tried.push(name);
      return Promise.reject(new EngineError("Docker is not running.", { stage: "engine" }));
    },
    pauseStdout: () => undefined,
    resumeStdout: () => undefined,
    onCutOff: () => undefined,
    onEvent: () => undefined,
    ended: new Promise(() => undefined),
    readResources: () => Promise.resolve(undefined),
    readPeak: () => Promise.resolve(),
    readTransferredBytes: () => Promise.resolve(undefined),
    remove: () => Promise.resolve(),
  };
}

test("a stop ends although the engine is away, and says what it could not do", async () => {
  const workload = unreachable();
  const messages: string[] = [];
  vi.useFakeTimers();
  const stopping = stopWorkload({
    workload,
    recorder: { event: (_kind, message) => messages.push(message) },
    clock: systemClock,
    stopTimeoutMs: 10_000,
    onStep: () => undefined,
  });
  await vi.advanceTimersByTimeAsync(60_000);
  const end = await stopping;
  expect(workload.tried).toEqual(["SIGTERM", "SIGKILL"]);
  expect(end).toMatchObject({ containerState: "running" });
  expect(messages).toContain("SIGKILL could not be sent: Docker is not running.");
});
