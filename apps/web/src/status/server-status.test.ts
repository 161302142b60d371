import type { Verdict, VerdictKind } from "@mcpproxy/core/verdict/verdict";
import { expect, test } from "vitest";
import { serverStatus } from "./status-words.ts";

function endedWith(kind: VerdictKind) {
  const verdict: Verdict = { kind, confidence: "certain", summary: "", evidence: [] };
  return { runId: "r", endedAt: "2026-01-01T00:00:00.000Z", verdict };
}

test("a server that is switched off is disabled, not refused", () => {
  expect(serverStatus({ state: "refused", enabled: false, lastVerdict: null }).label).toBe("Disabled");
  expect(serverStatus({ state: "refused", enabled: true, lastVerdict: null }).label).toBe("Refused");
});

test("no promise that a call starts what a person has stopped", () => {
  const stopped = { state: "stopped", enabled: true } as const;
  expect(serverStatus({ ...stopped, lastVerdict: endedWith("stopped_by_user") }).description).toMatch(/no call/i);
  expect(serverStatus({ ...stopped, lastVerdict: endedWith("oom_killed") }).description).toMatch(/next call/);
});
