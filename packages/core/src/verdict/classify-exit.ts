import { gapRow } from "./evidence-rows.ts";
import type { ExitEvidence } from "./exit-evidence.ts";
import { gatherFacts, isEndUnwatched, type ExitFacts } from "./exit-facts.ts";
import { engineUnavailable, imageFailed } from "./rules/engine-failure.ts";
import { exitedBeforeInitialize, initializeUnanswered } from "./rules/handshake-failure.ts";
import { sessionClosed, stoppedByPolicy, stoppedByUser, stopTimeout } from "./rules/intended-stop.ts";
import { hostOom, oomChild, oomHeap, oomKilled, oomLikely } from "./rules/out-of-memory.ts";
import { killedOutside } from "./rules/outside-kill.ts";
import { packageFailed } from "./rules/package-failure.ts";
import { appError, completed, crashedSignal, lost, sigkillUnknown } from "./rules/plain-exit.ts";
import { remoteLost, remoteRefused } from "./rules/remote-end.ts";
import { startFailed } from "./rules/start-failure.ts";
import type { Verdict } from "./verdict.ts";

/** The first rule that speaks decides. */
const rules: readonly ((facts: ExitFacts) => Verdict | undefined)[] = [
  // An OOM before our own stop is the real cause; after it, the stop is.
  oomKilled,
  stopTimeout,
  stoppedByUser,
  sessionClosed,
  stoppedByPolicy,
  killedOutside,
  engineUnavailable,
  imageFailed,
  remoteLost,
  remoteRefused,
  initializeUnanswered,
  oomHeap,
  oomChild,
  startFailed,
  packageFailed,
  oomLikely,
  hostOom,
  exitedBeforeInitialize,
  lost,
  sigkillUnknown,
  completed,
  crashedSignal,
];

/** Decides why a run ended, from everything known about it; the rules are those of docs/verdicts.md. */
export function classifyExit(evidence: ExitEvidence): Verdict {
  const facts = gatherFacts(evidence);
  for (const rule of rules) {
    const verdict = rule(facts);
    if (verdict !== undefined) return withGap(verdict, facts);
  }
  return withGap(appError(facts), facts);
}

/** An end that nobody watched says so, whatever explains it. */
function withGap(verdict: Verdict, facts: ExitFacts): Verdict {
  const [gap] = gapRow(facts);
  const isToldAlready = verdict.evidence.some(({ text }) => text === gap?.text);
  if (gap === undefined || isToldAlready || !isEndUnwatched(facts.evidence)) return verdict;
  return { ...verdict, evidence: [...verdict.evidence, gap] };
}
