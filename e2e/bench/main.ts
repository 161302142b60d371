import { ensureTestImage } from "../harness/global-setup.ts";
import { measureDeathDelays } from "./death-delay.ts";
import { measureSubject, type SubjectFigures } from "./measure-subject.ts";
import { formatResults, saveResults, type Results } from "./report.ts";
import { measureStartUp } from "./start-up.ts";
import { subjects } from "./subjects.ts";

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
const measured: SubjectFigures[] = [];
for (const way of subjects) {
  const figures = await attempt(way.name, async () => {
    const subject = await way.start();
    try {
      return await measureSubject(subject);
    } finally {
      await subject.close();
    }
  });
  if (figures !== undefined) measured.push(figures);
}
const startUpMs = await attempt("start-up", () => measureStartUp(5));
const deathDelays = await attempt("container death", () => measureDeathDelays(3));

const results: Results = {
  subjects: measured,
  failures,
  ...(startUpMs !== undefined && { startUpMs }),
  ...(deathDelays !== undefined && { deathDelays }),
};
process.stdout.write(`\n${formatResults(results)}\n`);
process.stderr.write(`\nSaved ${await saveResults(results, new Date())}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
