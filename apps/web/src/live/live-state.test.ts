import { expect, test } from "vitest";
import { nextLiveState } from "./live-state.ts";

test("is live only after a message", () => {
  expect(nextLiveState({ kind: "connecting" }, { kind: "message" })).toEqual({ kind: "live" });
});

test("keeps the moment of the first loss through several failed attempts", () => {
  const lost = nextLiveState({ kind: "live" }, { kind: "lost", atMs: 1_000 });
  expect(nextLiveState(lost, { kind: "lost", atMs: 9_000 })).toEqual({ kind: "reconnecting", sinceMs: 1_000 });
});

test("comes back live after a loss", () => {
  expect(nextLiveState({ kind: "reconnecting", sinceMs: 1 }, { kind: "message" })).toEqual({ kind: "live" });
});
