import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { openStore } from "./open-store.ts";
import { SampleBuffer } from "./sample-buffer.ts";
import type { SampleOfRun } from "./run-samples.ts";
import { makeRun } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const stepSchema = z.object({ step: z.enum(["started", "ended", "sample"]), runId: z.string(), index: z.number() });
type Step = z.infer<typeof stepSchema>;
const enoughSteps = 400;

// Several moments, because each kill hits another place of the writing.
test.each([0, 1, 2])(
  "a killed process loses no start, no exit and no verdict that it was told of, and of readings only the last (%#)",
  { timeout: 120_000 },
  async (round) => {
    await using temporary = await openTemporaryStore();
    await temporary.store.close();
    const steps = await writeUntilKilled(temporary.databasePath, enoughSteps + round * 17);
    const store = await openStore({ databasePath: temporary.databasePath, onNotice: (text) => expect.fail(text) });
    const of = (step: Step["step"]) => steps.filter((one) => one.step === step);
    for (const { runId } of of("started")) expect(await store.runs.find(runId)).toMatchObject({ id: runId });
    for (const { runId } of of("ended")) {
      expect(await store.runs.find(runId)).toMatchObject({
        state: "ended",
        exitCode: 3,
        verdict: { kind: "app_error" },
      });
      expect((await store.runs.events(runId)).map(({ kind }) => kind)).toEqual(["decided", "ended"]);
    }
    const [watched] = of("sample");
    const kept = (await store.runs.samples(watched?.runId ?? "")).map(({ memoryBytes }) => memoryBytes);
    // All from the first on, without a gap; those of the last moment may be missing.
    expect(kept).toEqual(kept.map((_value, index) => index));
    expect(kept.length).toBeGreaterThan(0);
    await store.close();
  },
);

test("readings wait 100 ms at most before they are written", async () => {
  vi.useFakeTimers();
  try {
    const written: number[] = [];
    const write = async (samples: readonly SampleOfRun[]) => void written.push(samples.length);
    const buffer = new SampleBuffer({ write, onError: (error) => expect.fail(String(error)) });
    const sample = { runId: makeRun().id, at: "2026-11-23T19:00:00Z", memoryBytes: 1, peakBytes: null, cpuCores: null };
    buffer.add([sample]);
    await vi.advanceTimersByTimeAsync(60);
    buffer.add([sample]);
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(40);
    expect(written).toEqual([2]);
  } finally {
    vi.useRealTimers();
  }
});

/** A process that records runs and readings as fast as it can, and is killed after so many steps: what it said it had stored. */
async function writeUntilKilled(databasePath: string, count: number): Promise<readonly Step[]> {
  const writer = spawn(process.execPath, ["--input-type=module", "-e", writerProgram(databasePath)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const isEnded = once(writer, "exit");
  const steps: Step[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    steps.push(stepSchema.parse(JSON.parse(line)));
    if (steps.length === count) writer.kill("SIGKILL");
  }
  await isEnded;
  return steps;
}

function writerProgram(databasePath: string): string {
  const moduleUrl = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  return `
    import { writeSync } from "node:fs";
    const { openStore } = await import(${moduleUrl("./open-store.ts")});
    const { makeRun, testOwner } = await import(${moduleUrl("./testing/make-run.ts")});
    const { runs } = await openStore({ databasePath: ${JSON.stringify(databasePath)}, onNotice: (text) => { throw new Error(text); } });
    // Written at once: what waits in a pipe's buffer would die with the process.
    const tell = (step, runId, index) => writeSync(1, JSON.stringify({ step, runId, index }) + "\\n");
    const verdict = { kind: "app_error", confidence: "certain", summary: "Exited with code 3", evidence: [] };
    const watched = makeRun();
    await runs.create(watched, testOwner);
    let samples = 0;
    setInterval(() => {
      const at = new Date(1_700_000_000_000 + samples * 1_000).toISOString();
      void runs.addSamples([{ runId: watched.id, at, memoryBytes: samples, peakBytes: null, cpuCores: null }]);
      tell("sample", watched.id, samples++);
    }, 5);
    for (let index = 0; ; index += 1) {
      const run = makeRun();
      await runs.create(run, testOwner);
      tell("started", run.id, index);
      const event = { runId: run.id, at: run.startedAt, message: "", durationMs: null };
      await runs.addEvent({ ...event, kind: "decided" });
      await runs.addEvent({ ...event, kind: "ended" });
      await runs.update(run.id, { state: "ended", exitCode: 3, verdict, endedAt: run.startedAt });
      tell("ended", run.id, index);
    }`;
}
