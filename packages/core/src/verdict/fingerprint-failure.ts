import { failureLine } from "./failure-line.ts";
import { verdictKinds, type VerdictKind } from "./verdict.ts";
import { verdictWords } from "./verdict-words.ts";

/** Verdicts that somebody should look at. */
export const failureKinds: readonly VerdictKind[] = verdictKinds.filter((kind) =>
  ["bad", "warning"].includes(verdictWords[kind].tone),
);

/** Ended from outside: what the server happened to write last is not why, and would tear one failure into many groups. */
const endedFromOutside: readonly VerdictKind[] = [
  "oom_killed",
  "oom_child",
  "oom_likely",
  "host_oom",
  "stop_timeout",
  "killed_outside",
  "sigkill_unknown",
  "engine_unavailable",
  "lost",
];

/** What a run must have for its fingerprint. */
export interface EndedRun {
  readonly server: string;
  readonly verdict: VerdictKind;
  readonly exitCode: number | null;
  readonly stderrTail: readonly string[];
}

/** What runs that failed in the same way have in common. */
export interface Failure {
  /** 16 hexadecimal digits: the same for the same server, verdict, exit code and line. */
  readonly fingerprint: string;
  readonly server: string;
  readonly verdict: VerdictKind;
  readonly exitCode: number | null;
  /** The telling line of stderr without numbers, times and ids; "" where there is none, or it is not the reason. */
  readonly line: string;
}

/** The failure of an ended run; undefined when it ended as it should. */
export function fingerprintFailure({ server, verdict, exitCode, stderrTail }: EndedRun): Failure | undefined {
  if (!failureKinds.includes(verdict)) return undefined;
  const line = endedFromOutside.includes(verdict) ? "" : failureLine(stderrTail);
  const fingerprint = hash64([server, verdict, exitCode === null ? "" : String(exitCode), line].join("\n"));
  return { fingerprint, server, verdict, exitCode, line };
}

/** FNV-1a over UTF-16 units: groups need no secrecy, and core has no crypto. */
function hash64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}
