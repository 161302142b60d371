import fc from "fast-check";
import { expect, test } from "vitest";
import { classifyExit } from "./classify-exit.ts";
import type { EngineEvent, ExitEvidence, StartFailure, StopIntent, StopStep } from "./exit-evidence.ts";
import { atMs, kill, mebibyte, oomEvent, readyRun, stepsUpTo, userIntent } from "./exit-evidence.test-data.ts";
import { verdictKinds } from "./verdict.ts";

const time = fc.integer({ min: -120_000, max: 120_000 }).map(atMs);
const exitCode = fc.constantFrom(0, 1, 3, 125, 126, 127, 129, 134, 137, 139, 143, 255);
const event = fc.oneof(
  fc.record({ at: time, action: fc.constantFrom("create", "start", "oom", "stop", "destroy", "pause") }),
  fc.record({ at: time, action: fc.constant("kill"), signal: fc.constantFrom(1, 9, 15) }),
  fc.record({ at: time, action: fc.constant("die"), exitCode }),
) satisfies fc.Arbitrary<EngineEvent>;
const reason = fc.oneof(
  fc.record({ kind: fc.constant("user") }),
  fc.record({
    kind: fc.constant("policy"),
    policy: fc.constantFrom("idle", "shutdown", "config_changed", "limit_changed", "session_closed", "recovered"),
  }),
);
const intent = fc.record({ at: time, actor: fc.constant("admin"), reason }) satisfies fc.Arbitrary<StopIntent>;
const step = fc.record({
  at: time,
  step: fc.constantFrom("stdin-closed", "sigterm", "sigkill"),
}) satisfies fc.Arbitrary<StopStep>;
const message = fc.constantFrom("", "no such file or directory", 'exec: "x": executable file not found in $PATH');
const failure = fc.oneof(
  fc.record({ stage: fc.constantFrom("engine", "create", "start"), message }),
  fc.record({
    stage: fc.constant("image"),
    code: fc.constantFrom("not_found", "denied", "timed_out", "other"),
    message,
  }),
  fc.record({
    stage: fc.constant("handshake"),
    cause: fc.constantFrom("timed_out", "exited", "invalid_answer", "error_answer"),
    message,
  }),
) satisfies fc.Arbitrary<StartFailure>;
const stderrLine = fc.constantFrom(
  "",
  "Error: x",
  "MemoryError",
  "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
  "npm error code EAI_AGAIN",
  "[FATAL tini (7)] exec uvx failed: No such file or directory",
);

/** Any subset of what may be known, in any order, by clocks that may be minutes apart. */
const anyEvidence = fc.record(
  {
    isolation: fc.constantFrom("docker", "none"),
    command: fc.constantFrom([], ["npx", "-y", "x"], ["docker", "run", "-i", "x"]),
    image: fc.constant("node:20"),
    network: fc.constantFrom("none", "bridge"),
    startedAt: time,
    readyAt: time,
    endedAt: time,
    containerState: fc.constantFrom("none", "created", "exited", "running", "gone"),
    exitCode,
    signal: fc.constantFrom(9, 11, 15),
    isOomFlagSet: fc.boolean(),
    stateError: message,
    events: fc.array(event, { maxLength: 8 }),
    intents: fc.array(intent, { maxLength: 2 }),
    stopSteps: fc.array(step, { maxLength: 3 }),
    failure,
    memory: fc.record(
      { limitBytes: fc.constant(64 * mebibyte), peakBytes: fc.integer({ min: 0, max: 70 * mebibyte }) },
      { requiredKeys: [] },
    ),
    stderrTail: fc.array(stderrLine, { maxLength: 4 }),
    eventGap: fc.record({ from: time, to: time }),
    otherDeathsInSameSecond: fc.integer({ min: 0, max: 3 }),
    isSessionScoped: fc.boolean(),
    stopTimeoutMs: fc.constant(10_000),
  },
  {
    requiredKeys: [
      "isolation",
      "command",
      "startedAt",
      "endedAt",
      "containerState",
      "isOomFlagSet",
      "events",
      "intents",
      "stopSteps",
      "memory",
      "stderrTail",
      "otherDeathsInSameSecond",
      "isSessionScoped",
      "stopTimeoutMs",
    ],
  },
) satisfies fc.Arbitrary<ExitEvidence>;

const checks = { numRuns: 3_000 };

test("any evidence gives one verdict that says how sure it is, in a sentence, and on what it rests", () => {
  fc.assert(
    fc.property(anyEvidence, (evidence) => {
      const verdict = classifyExit(evidence);
      expect(verdictKinds).toContain(verdict.kind);
      expect(["certain", "likely", "unknown"]).toContain(verdict.confidence);
      expect(verdict.summary).toMatch(/[.!?…]$/);
      expect(verdict.summary).not.toMatch(/undefined|NaN|null/);
      expect(verdict.evidence.length).toBeGreaterThan(0);
    }),
    checks,
  );
});

/** What a verdict may never claim, with the evidence it would need. */
function isFounded(evidence: ExitEvidence): boolean {
  const { kind, confidence } = classifyExit(evidence);
  const hasOom = evidence.isOomFlagSet || evidence.events.some(({ action }) => action === "oom");
  switch (kind) {
    case "oom_killed":
      return hasOom && (evidence.exitCode ?? 137) === 137;
    case "oom_child":
      return hasOom;
    case "oom_likely":
    case "host_oom":
      return confidence === "likely" && !hasOom;
    case "sigkill_unknown":
    case "lost":
      return confidence === "unknown";
    case "completed":
      return (evidence.exitCode ?? 0) === 0;
    default:
      return true;
  }
}

test("nothing is certainly out of memory without an oom event or flag, and what is a guess says so", () => {
  expect(() => fc.assert(fc.property(anyEvidence, isFounded), checks)).not.toThrow();
});

test("neither the order nor the repetition of events changes a verdict", () => {
  const shuffled = anyEvidence.chain((evidence) =>
    fc.record({
      evidence: fc.constant(evidence),
      events: fc.shuffledSubarray([...evidence.events, ...evidence.events], {
        minLength: 2 * evidence.events.length,
      }),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ evidence, events }) => {
      expect(classifyExit({ ...evidence, events })).toEqual(classifyExit(evidence));
    }),
    checks,
  );
});

/** The engine's own times, told by a clock that is wrong. */
function byClock(evidence: ExitEvidence, offsetMs: number): ExitEvidence {
  const shift = (at: string): string => new Date(Date.parse(at) + offsetMs).toISOString();
  return {
    ...evidence,
    endedAt: shift(evidence.endedAt),
    events: evidence.events.map((one) => ({ ...one, at: shift(one.at) })),
  };
}

const ourSigterm = { exitCode: 143, intents: [userIntent()], stopSteps: stepsUpTo("sigterm"), events: [kill(15)] };

test.each([
  ["stopped by a person", readyRun(ourSigterm)],
  [
    "ignored SIGTERM",
    readyRun({ ...ourSigterm, exitCode: 137, stopSteps: stepsUpTo("sigkill"), events: [kill(15), kill(9)] }),
  ],
  ["out of memory", readyRun({ exitCode: 137, isOomFlagSet: true, events: [oomEvent] })],
  ["killed outside", readyRun({ exitCode: 137, events: [kill(9)] })],
  ["an exit code", readyRun({ exitCode: 3 })],
])("%s: also when the engine's clock is minutes or hours off", (_name, evidence) => {
  const { kind, summary } = classifyExit(evidence);
  for (const offsetMs of [-7_200_000, -180_000, 180_000, 7_200_000])
    expect(classifyExit(byClock(evidence, offsetMs))).toMatchObject({ kind, summary });
});

test("a container that was started before, or was started again, is judged by its own life", () => {
  const before: EngineEvent[] = [
    { at: atMs(-90_000), action: "start" },
    { at: atMs(-80_000), action: "oom" },
    { at: atMs(-79_900), action: "die", exitCode: 137 },
  ];
  const start: EngineEvent = { at: atMs(-60_000), action: "start" };
  const after: EngineEvent[] = [
    { at: atMs(500), action: "start" },
    { at: atMs(600), action: "kill", signal: 9 },
  ];
  const { kind, evidence } = classifyExit(readyRun({ exitCode: 3, events: [...after, start, ...before] }));
  expect(kind).toBe("app_error");
  expect(evidence.map(({ text }) => text).join()).not.toMatch(/oom|SIGKILL/);
});

test("an oom event counts that comes with the death, or after it", () => {
  for (const offsetMs of [-90, 0, 40, 240])
    expect(classifyExit(readyRun({ exitCode: 137, events: [{ ...oomEvent, at: atMs(offsetMs) }] })).kind).toBe(
      "oom_killed",
    );
});
