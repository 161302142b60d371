import { ensureTestImage } from "../harness/global-setup.ts";
import { measureDeathDelays } from "./death-delay.ts";
import { measureSubjects } from "./measure-subjects.ts";
import { measureExitStorm } from "./exit-storm.ts";
import { measureFirstBytes } from "./first-byte.ts";
import { measureIdleLoad } from "./idle-load.ts";
import { measureLargeAnswers } from "./large-answers.ts";
import { measureMemoryOverCalls } from "./memory-over-calls.ts";
import { measurePlanning } from "./planning.ts";
import { measureRecording } from "./recording.ts";
import { formatResults, saveResults, type Results } from "./report.ts";
import { measureNpxStarts } from "./start-npx.ts";
import { measureStartUp } from "./start-up.ts";
import { measureStdioFront } from "./stdio-front.ts";
import { measureStops } from "./stop-delay.ts";
import { subjects, type Subject } from "./subjects.ts";

const failures: { name: string; reason: string }[] = [];

/** One part that cannot be measured must not cost the others. */
async function attempt<T>(name: string, measure: () => Promise<T>): Promise<T | undefined> {
  process.stderr.write(`${name} …\n`);
  try {
    return await measure();
  } catch (error) {
    failures.push({ name, reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

await attempt("test image", ensureTestImage);
const running: Subject[] = [];
for (const { name, start } of subjects) {
  const subject = await attempt(name, start);
  if (subject !== undefined) running.push(subject);
}
const measured = (await attempt("echo through every path, in turns", () => measureSubjects(running))) ?? [];
for (const subject of running) await attempt(`closing ${subject.name}`, () => subject.close());
const largeAnswers = await attempt("large answers", () => measureLargeAnswers(5));
const memoryOverCalls = await attempt("memory over a million calls", () => measureMemoryOverCalls(1_000_000));
const stdioFront = await attempt("mcpproxy stdio", () => measureStdioFront(10));
const startUpMs = await attempt("start-up", () => measureStartUp(5));
const deathDelays = await attempt("container death", () => measureDeathDelays(3));
const firstBytes = await attempt("a container's first byte", measureFirstBytes);
const npxStarts = await attempt("starts of an npx server", () => measureNpxStarts(3));
const stopDelay = await attempt("stops", () => measureStops(20));
const recording = await attempt("recording on and off, in turns", () => measureRecording(5));
const exitStorm = await attempt("an exit storm of 100 containers", () => measureExitStorm(100));
const idleLoad = await attempt("50 idle containers", () =>
  measureIdleLoad({ containers: 50, settleSeconds: 70, seconds: 60 }),
);
const planningMicroseconds = await attempt("planning", measurePlanning);

const results: Results = {
  subjects: measured,
  failures,
  ...(largeAnswers !== undefined && { largeAnswers }),
  ...(memoryOverCalls !== undefined && { memoryOverCalls }),
  ...(stdioFront !== undefined && { stdioFront }),
  ...(startUpMs !== undefined && { startUpMs }),
  ...(deathDelays !== undefined && { deathDelays }),
  ...(firstBytes !== undefined && { firstBytes }),
  ...(npxStarts !== undefined && { npxStarts }),
  ...(stopDelay !== undefined && { stopDelay }),
  ...(recording !== undefined && { recording }),
  ...(exitStorm !== undefined && { exitStorm }),
  ...(idleLoad !== undefined && { idleLoad }),
  ...(planningMicroseconds !== undefined && { planningMicroseconds }),
};
process.stdout.write(`\n${formatResults(results)}\n`);
process.stderr.write(`\nSaved ${await saveResults(results, new Date())}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
