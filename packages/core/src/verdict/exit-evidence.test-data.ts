import type { EngineEvent, ExitEvidence, StopIntent, StopStep } from "./exit-evidence.ts";

export const mebibyte = 1024 ** 2;
export const diedAt = "2026-03-01T14:05:00.000Z";

/** An RFC 3339 time so many milliseconds before (negative) or after the death of the example run. */
export function atMs(offsetMs: number): string {
  return new Date(Date.parse(diedAt) + offsetMs).toISOString();
}

const base: ExitEvidence = {
  isolation: "docker",
  command: ["npx", "-y", "some-server"],
  image: "node:20",
  network: "bridge",
  startedAt: atMs(-60_000),
  readyAt: atMs(-58_000),
  endedAt: diedAt,
  containerState: "exited",
  isOomFlagSet: false,
  events: [],
  intents: [],
  stopSteps: [],
  memory: { limitBytes: 64 * mebibyte, peakBytes: 20 * mebibyte },
  stderrTail: [],
  otherDeathsInSameSecond: 0,
  isSessionScoped: false,
  stopTimeoutMs: 10_000,
};

/** A run that was ready, exited by itself and left these traces. */
export function readyRun(changes: Partial<ExitEvidence>): ExitEvidence {
  const { exitCode } = changes;
  const die = exitCode === undefined ? [] : [{ at: diedAt, action: "die" as const, exitCode }];
  return { ...base, ...changes, events: [...(changes.events ?? []), ...die] };
}

/** A run that never became ready. */
export function startingRun(changes: Partial<ExitEvidence>): ExitEvidence {
  const { readyAt: _readyAt, ...evidence } = readyRun(changes);
  return evidence;
}

/** A run that never had a process. */
export function neverCreated(changes: Partial<ExitEvidence>): ExitEvidence {
  return startingRun({ containerState: "none", memory: {}, ...changes });
}

export const oomEvent: EngineEvent = { at: atMs(-60), action: "oom" };

export function kill(signal: number, offsetMs = -50): EngineEvent {
  return { at: atMs(offsetMs), action: "kill", signal };
}

export function userIntent(note?: string, offsetMs = -13_000): StopIntent {
  return {
    at: atMs(offsetMs),
    actor: "admin (token ops-laptop)",
    reason: note === undefined ? { kind: "user" } : { kind: "user", note },
  };
}

export function policyIntent(
  policy: Extract<StopIntent["reason"], { kind: "policy" }>["policy"],
  detail?: string,
): StopIntent {
  return {
    at: atMs(-13_000),
    actor: "mcpproxy",
    reason: detail === undefined ? { kind: "policy", policy } : { kind: "policy", policy, detail },
  };
}

const steps: readonly StopStep[] = [
  { at: atMs(-12_900), step: "stdin-closed" },
  { at: atMs(-10_100), step: "sigterm" },
  { at: atMs(-100), step: "sigkill" },
];

/** Our stop order up to a step. */
export function stepsUpTo(last: StopStep["step"]): readonly StopStep[] {
  return steps.slice(0, steps.findIndex(({ step }) => step === last) + 1);
}
