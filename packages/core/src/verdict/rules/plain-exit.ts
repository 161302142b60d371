import { eventRows, gapRow, inspectRow, lastLines, memoryRow, stderrRows } from "../evidence-rows.ts";
import type { ExitFacts } from "../exit-facts.ts";
import { sigkill, signalName, sigterm } from "../signals.ts";
import type { EvidenceRow, Verdict } from "../verdict.ts";

/** 137 that nothing else explains. */
export function sigkillUnknown(facts: ExitFacts): Verdict | undefined {
  if (facts.signal !== sigkill) return undefined;
  return {
    kind: "sigkill_unknown",
    confidence: "unknown",
    summary:
      facts.evidence.eventGap === undefined
        ? "Killed by SIGKILL, sender unknown."
        : "Killed by SIGKILL, sender unknown: Docker's events of that time are missing.",
    remedy: "The host's kernel log (dmesg) tells whether the kernel did it; else look for a tool that kills processes.",
    evidence: [...rows(facts), ...memoryRow(facts), ...gapRow(facts)],
  };
}

/** Nobody watched, and nothing can tell any more. */
export function lost(facts: ExitFacts): Verdict | undefined {
  if (facts.exitCode !== undefined) return undefined;
  return {
    kind: "lost",
    confidence: "unknown",
    summary: `Outcome unknown: ${unknownReason(facts)}.`,
    evidence: [...rows(facts), ...gapRow(facts)],
  };
}

export function completed(facts: ExitFacts): Verdict | undefined {
  if (facts.exitCode !== 0) return undefined;
  return { kind: "completed", confidence: "certain", summary: "Exited with code 0 on its own.", evidence: rows(facts) };
}

/** Ended by a signal other than SIGKILL. */
export function crashedSignal(facts: ExitFacts): Verdict | undefined {
  if (facts.signal === undefined) return undefined;
  const name = signalName(facts.signal);
  return {
    kind: "crashed_signal",
    confidence: "certain",
    summary:
      facts.signal === sigterm
        ? `Ended by ${name} (${facts.exitCode}), sender unknown.`
        : `Crashed: ${name} (${facts.exitCode}).`,
    remedy:
      facts.signal === sigterm
        ? "Look for a tool on this machine, or a process of the server itself, that ends processes."
        : "See the last lines of its stderr; a crash is a fault of the server or of a native library that it uses.",
    evidence: [...rows(facts), ...stderrRows(lastLines(facts.evidence, 3))],
  };
}

/** The last rule: whatever is left is an exit code of the program's own. */
export function appError(facts: ExitFacts): Verdict {
  return {
    kind: "app_error",
    confidence: "certain",
    summary: `Exited with code ${facts.exitCode}.`,
    remedy: "See the last lines of its stderr.",
    evidence: [...rows(facts), ...stderrRows(lastLines(facts.evidence, 3))],
  };
}

function rows(facts: ExitFacts): readonly EvidenceRow[] {
  return [...eventRows(facts, ["oom", "kill", "die"]), ...inspectRow(facts)];
}

function unknownReason({ evidence: { eventGap, containerState, startedAt } }: ExitFacts): string {
  if (eventGap === undefined) return `nothing tells how it ended (state: ${containerState})`;
  const times = `${clockTime(eventGap.from)}–${clockTime(eventGap.to)} UTC`;
  // A gap from the start on is what recovery records: an earlier MCPProxy watched, and ended before the run did.
  return eventGap.from === startedAt
    ? `MCPProxy had ended before it did, some time ${times}`
    : `Docker was unreachable ${times}`;
}

function clockTime(at: string): string {
  return at.slice(11, 16);
}
