import type { RestartSettings } from "../plan/effective-settings.ts";
import type { ImageFailureCode, PolicyReason, StartFailure, StopIntent } from "../verdict/exit-evidence.ts";
import { findPackageFailure } from "../verdict/package-failure.ts";
import type { Verdict, VerdictKind } from "../verdict/verdict.ts";
import { backoffDelayMs } from "./backoff.ts";

/** From this many failures in a row on, a server is said to loop. */
export const crashLoopFailures = 3;

/** How a run ended, as far as it matters for the next one. */
export interface RunEnd {
  readonly verdict: Verdict;
  readonly failure: StartFailure | undefined;
  readonly exitCode: number | null;
  readonly stderrTail: readonly string[];
  /** Its network mode; null on the host. */
  readonly network: string | null;
  /** Set when MCPProxy or a person wanted it to end. */
  readonly intent: StopIntent | undefined;
  /** The engine went away and took its stdio with it, before anybody wanted it to end. */
  readonly wasCutOff: boolean;
  /** How long it answered calls; 0 when it never was ready. */
  readonly readyForMs: number;
}

/** What came before: failures in a row, and tries in a row for which the engine was away. */
export interface FailureRow {
  readonly failures: number;
  readonly outages: number;
}
export const noFailures: FailureRow = { failures: 0, outages: 0 };

/** What follows the end of a run. */
export type AfterEnd =
  /** Nothing: the next call or a person starts it. */
  | { readonly kind: "rest" }
  | { readonly kind: "idle" }
  | { readonly kind: "retry"; readonly delayMs: number; readonly isCrashLoop: boolean }
  /** No try has a chance, or there were too many: a person or a changed config has to act. */
  | { readonly kind: "park" };

export interface RestartInput {
  readonly end: RunEnd;
  readonly before: FailureRow;
  readonly restart: RestartSettings;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: number;
}

/** Decides what follows the end of a run, and how the row of failures goes on. */
export function decideRestart(input: RestartInput): { readonly row: FailureRow; readonly next: AfterEnd } {
  const { end, restart, random } = input;
  const kind = kindOfEnd(end, restart.policy);
  const before = end.readyForMs >= restart.stableAfterMs ? noFailures : input.before;
  switch (kind) {
    case "wanted":
    case "completed":
      return { row: noFailures, next: { kind: isIdleStop(end) ? "idle" : "rest" } };
    case "outage": {
      // The engine's trouble is not the server's: it is tried without end.
      const row = { ...before, outages: before.outages + 1 };
      if (restart.policy === "never") return { row, next: { kind: "rest" } };
      return { row, next: retry(restart, { failures: row.outages, random, isCrashLoop: false }) };
    }
    case "failure": {
      const row = { failures: before.failures + 1, outages: 0 };
      if (restart.policy === "never") return { row, next: { kind: "rest" } };
      if (isDeterministic(end) || row.failures >= restart.maxAttempts) return { row, next: { kind: "park" } };
      const isCrashLoop = row.failures >= crashLoopFailures;
      return { row, next: retry(restart, { failures: row.failures, random, isCrashLoop }) };
    }
    default:
      return kind satisfies never;
  }
}

function retry(
  restart: RestartSettings,
  {
    failures,
    random,
    isCrashLoop,
  }: { readonly failures: number; readonly random: number; readonly isCrashLoop: boolean },
): AfterEnd {
  return { kind: "retry", delayMs: backoffDelayMs(restart, { failures, random }), isCrashLoop };
}

function kindOfEnd(
  { intent, verdict, wasCutOff }: RunEnd,
  policy: RestartSettings["policy"],
): "wanted" | "completed" | "outage" | "failure" {
  const isOfRun = intent === undefined || isOwnFault(intent);
  if (wasCutOff && isOfRun) return "outage";
  if (intent !== undefined && isOfRun) return "failure";
  if (intent !== undefined || wantedKinds.has(verdict.kind)) return "wanted";
  if (outageKinds.has(verdict.kind)) return "outage";
  return verdict.kind === "completed" && policy !== "always" ? "completed" : "failure";
}

/** Also without an intent of this process: an earlier one may have stored it. */
const wantedKinds: ReadonlySet<VerdictKind> = new Set<VerdictKind>([
  "stopped_by_user",
  "stopped_by_policy",
  "session_closed",
]);
const outageKinds: ReadonlySet<VerdictKind> = new Set<VerdictKind>(["engine_unavailable", "lost"]);

/** MCPProxy stopped it only because it could not go on: a new run is wanted. */
function isOwnFault({ reason }: StopIntent): boolean {
  return reason.kind === "policy" && (reason.policy === "cut_off" || reason.policy === "unhealthy");
}

/** The next call starts it again. */
function isIdleStop({ intent }: RunEnd): boolean {
  return intent?.reason.kind === "policy" && idlePolicies.has(intent.reason.policy);
}
const idlePolicies: ReadonlySet<PolicyReason> = new Set<PolicyReason>(["idle", "made_room"]);

/** The same start would fail in the same way: only a change helps. */
function isDeterministic({ verdict, failure, exitCode, stderrTail, network }: RunEnd): boolean {
  // Other start failures may be an engine's that is just going down, and are tried again.
  if (verdict.kind === "start_failed") return exitCode === commandNotFound || exitCode === commandNotExecutable;
  if (verdict.kind === "image_failed") return failure?.stage === "image" && lastingImageFailures.has(failure.code);
  if (verdict.kind !== "package_failed") return false;
  const problem = findPackageFailure(stderrTail)?.problem;
  // A registry may be back in a minute; a container without a network never gets one.
  return problem === "network" ? network === "none" : problem !== undefined;
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02 */
const commandNotFound = 127;
const commandNotExecutable = 126;
const lastingImageFailures: ReadonlySet<ImageFailureCode> = new Set<ImageFailureCode>([
  "not_found",
  "denied",
  "wrong_platform",
]);
