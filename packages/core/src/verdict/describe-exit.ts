import type { ExitEvidence } from "./exit-evidence.ts";
import { exitSignal } from "./exit-facts.ts";
import { signalName } from "./signal-names.ts";

/** "exited with code 3", "was ended by SIGSEGV (139)", "ended"; to follow a subject. */
export function describeExit(evidence: ExitEvidence): string {
  const { exitCode } = evidence;
  const signal = exitSignal(evidence);
  if (signal !== undefined) return `was ended by ${signalName(signal)}${exitCode === undefined ? "" : ` (${exitCode})`}`;
  return exitCode === undefined ? "ended" : `exited with code ${exitCode}`;
}
