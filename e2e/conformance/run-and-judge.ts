import type { Revision } from "./combination.ts";
import type { Expectation } from "./expectations.ts";
import { judge, type Judgement } from "./judge.ts";
import { runSuite, type SuiteOutcome } from "./run-suite.ts";

// The suite gives some exchanges 5 s, in which a container may not start on a machine with other things to do.
const suiteDeadline = /aborted due to timeout|timed out/i;

export interface JudgedOutcome {
  readonly outcome: SuiteOutcome;
  readonly judgement: Judgement;
}

/** Runs the suite for a revision; once more if all that was unexpected are deadlines of the suite. */
export async function runAndJudge(request: {
  readonly url: string;
  readonly revision: Revision;
  readonly expectation: Expectation;
}): Promise<JudgedOutcome> {
  const first = await runOnce(request);
  const { unexpected } = first.judgement;
  const isOnlyLate = unexpected.length > 0 && unexpected.every(({ message }) => suiteDeadline.test(message));
  return isOnlyLate ? runOnce(request) : first;
}

async function runOnce({ url, revision, expectation }: Parameters<typeof runAndJudge>[0]): Promise<JudgedOutcome> {
  const outcome = await runSuite({ url, revision });
  return { outcome, judgement: judge(outcome, expectation) };
}
