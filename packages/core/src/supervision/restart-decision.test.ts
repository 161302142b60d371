import { describe, expect, it } from "vitest";
import type { RestartSettings } from "../plan/effective-settings.ts";
import type { ImageFailureCode, StartFailure, StopIntent } from "../verdict/exit-evidence.ts";
import { verdictKinds, type VerdictKind } from "../verdict/verdict.ts";
import { decideRestart, type AfterEnd, type FailureRow, type RestartInput, type RunEnd } from "./restart-decision.ts";

const restart: RestartSettings = {
  policy: "on-failure",
  maxAttempts: 10,
  backoffInitialMs: 1_000,
  backoffMaxMs: 300_000,
  stableAfterMs: 60_000,
};

function endOf(kind: VerdictKind, more: Partial<RunEnd> = {}): RunEnd {
  const verdict = { kind, confidence: "certain", summary: "", evidence: [] } as const;
  return {
    verdict,
    failure: undefined,
    exitCode: null,
    stderrTail: [],
    network: "bridge",
    intent: undefined,
    wasCutOff: false,
    readyForMs: 0,
    ...more,
  };
}

function decide(end: RunEnd, more: Partial<Omit<RestartInput, "end">> = {}) {
  return decideRestart({ end, before: { failures: 0, outages: 0 }, restart, random: 0.5, ...more });
}

function intent(reason: StopIntent["reason"]): StopIntent {
  return { at: "2026-01-01T00:00:00.000Z", actor: "admin", reason };
}

const image = (code: ImageFailureCode): StartFailure => ({ stage: "image", code, message: "" });

describe("what follows each verdict, when nobody asked for the end", () => {
  const expected: Readonly<Record<VerdictKind, AfterEnd["kind"]>> = {
    oom_killed: "retry",
    oom_child: "retry",
    oom_likely: "retry",
    oom_heap: "retry",
    host_oom: "retry",
    stopped_by_user: "rest",
    stopped_by_policy: "rest",
    stop_timeout: "retry",
    killed_outside: "retry",
    sigkill_unknown: "retry",
    crashed_signal: "retry",
    app_error: "retry",
    start_failed: "retry",
    image_failed: "retry",
    handshake_failed: "retry",
    package_failed: "retry",
    engine_unavailable: "retry",
    session_closed: "rest",
    completed: "rest",
    lost: "retry",
  };
  it.each(verdictKinds)("%s", (kind) => {
    expect(decide(endOf(kind)).next.kind).toBe(expected[kind]);
  });

  it.each<[ImageFailureCode, AfterEnd["kind"]]>([
    ["not_found", "park"],
    ["denied", "park"],
    ["wrong_platform", "park"],
    ["registry_unreachable", "retry"],
    ["timed_out", "retry"],
    ["no_space", "retry"],
    ["other", "retry"],
  ])("an image that failed with %s: %s", (code, next) => {
    expect(decide(endOf("image_failed", { failure: image(code) })).next.kind).toBe(next);
  });

  it.each<[number | null, AfterEnd["kind"]]>([
    [127, "park"],
    [126, "park"],
    [125, "retry"],
    [128, "retry"],
    [null, "retry"],
  ])("a start that failed with code %s: %s", (exitCode, next) => {
    expect(decide(endOf("start_failed", { exitCode })).next.kind).toBe(next);
  });

  it.each<[string, string, AfterEnd["kind"]]>([
    ["npm error code E404", "bridge", "park"],
    ["npm error code E403", "bridge", "park"],
    ["npm error code ERESOLVE", "bridge", "park"],
    ["npm error code SELF_SIGNED_CERT_IN_CHAIN", "bridge", "park"],
    ["npm error code EAI_AGAIN", "bridge", "retry"],
    ["npm error code EAI_AGAIN", "none", "park"],
  ])("a package that failed with %s on the network %s: %s", (line, network, next) => {
    expect(decide(endOf("package_failed", { stderrTail: [line], network })).next.kind).toBe(next);
  });

  it.each(verdictKinds)("%s under the policy never waits for a call", (kind) => {
    expect(decide(endOf(kind), { restart: { ...restart, policy: "never" } }).next.kind).toBe("rest");
  });

  it("exit code 0 is tried again under the policy always, and backs off like a failure", () => {
    const decided = decide(endOf("completed"), { restart: { ...restart, policy: "always" } });
    expect(decided).toEqual({
      row: { failures: 1, outages: 0 },
      next: { kind: "retry", delayMs: 500, isCrashLoop: false },
    });
  });
});

describe("a stop that was wanted", () => {
  const before: FailureRow = { failures: 5, outages: 2 };
  it.each<[StopIntent["reason"], AfterEnd["kind"]]>([
    [{ kind: "user" }, "rest"],
    [{ kind: "policy", policy: "shutdown" }, "rest"],
    [{ kind: "policy", policy: "limit_changed" }, "rest"],
    [{ kind: "policy", policy: "idle" }, "idle"],
    [{ kind: "policy", policy: "made_room" }, "idle"],
  ])("%j leads to %s and ends the row of failures, however it ended", (reason, next) => {
    for (const kind of verdictKinds)
      expect(decide(endOf(kind, { intent: intent(reason) }), { before })).toEqual({
        row: { failures: 0, outages: 0 },
        next: { kind: next },
      });
  });
});

describe("a run that the engine's outage cut off", () => {
  it.each(verdictKinds)("is tried again as an outage when it ended as %s", (kind) => {
    const cutOff = intent({ kind: "policy", policy: "cut_off" });
    for (const end of [{ wasCutOff: true }, { wasCutOff: true, intent: cutOff }])
      expect(decide(endOf(kind, end))).toEqual({
        row: { failures: 0, outages: 1 },
        next: { kind: "retry", delayMs: 500, isCrashLoop: false },
      });
  });

  it("stays down when a person stopped it meanwhile", () => {
    const end = endOf("stopped_by_user", { wasCutOff: true, intent: intent({ kind: "user" }) });
    expect(decide(end).next.kind).toBe("rest");
  });

  it("stays down when MCPProxy ends or its config changed meanwhile", () => {
    for (const policy of ["shutdown", "config_changed"] as const)
      expect(decide(endOf("lost", { wasCutOff: true, intent: intent({ kind: "policy", policy }) })).next.kind).toBe(
        "rest",
      );
  });
});

it.each(["unhealthy", "cut_off"] as const)("a stop as %s counts as a failure, however the server ended", (policy) => {
  for (const kind of verdictKinds)
    expect(decide(endOf(kind, { intent: intent({ kind: "policy", policy }) }))).toEqual({
      row: { failures: 1, outages: 0 },
      next: { kind: "retry", delayMs: 500, isCrashLoop: false },
    });
});

describe("a row of failures", () => {
  it.each<[number, AfterEnd]>([
    [0, { kind: "retry", delayMs: 500, isCrashLoop: false }],
    [1, { kind: "retry", delayMs: 1_000, isCrashLoop: false }],
    [2, { kind: "retry", delayMs: 2_000, isCrashLoop: true }],
    [8, { kind: "retry", delayMs: 128_000, isCrashLoop: true }],
    [9, { kind: "park" }],
    [50, { kind: "park" }],
  ])("after %i before it a failure leads to %j", (failures, next) => {
    const decided = decide(endOf("app_error"), { before: { failures, outages: 0 } });
    expect(decided).toEqual({ row: { failures: failures + 1, outages: 0 }, next });
  });

  it("begins anew after a run that lived long enough", () => {
    const before = { failures: 9, outages: 3 };
    expect(decide(endOf("app_error", { readyForMs: 59_999 }), { before }).row.failures).toBe(10);
    expect(decide(endOf("app_error", { readyForMs: 60_000 }), { before }).row).toEqual({ failures: 1, outages: 0 });
  });

  it("does not grow while the engine is away, and the tries have no end", () => {
    const decided = decide(endOf("engine_unavailable"), { before: { failures: 2, outages: 500 } });
    expect(decided).toEqual({
      row: { failures: 2, outages: 501 },
      next: { kind: "retry", delayMs: 150_000, isCrashLoop: false },
    });
  });
});
