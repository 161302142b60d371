import type { ExitEvidence } from "./exit-evidence.ts";
import type { Confidence, VerdictKind } from "./verdict.ts";

/** What a rule concludes; the evidence rows are added for all rules alike. */
export interface Judgement {
  readonly kind: VerdictKind;
  readonly confidence: Confidence;
  readonly summary: string;
  readonly remedy?: string;
  /** The stderr lines that the conclusion rests on; without them the last lines are shown. */
  readonly stderrLines?: readonly string[];
}

/** Looks at the evidence and concludes, or leaves it to the next rule. */
export type Rule = (evidence: ExitEvidence) => Judgement | undefined;
