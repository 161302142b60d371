import { expect, test } from "vitest";
import { DeathRegister } from "./death-register.ts";

const at = "2026-03-01T14:05:00.000Z";
const later = (ms: number): string => new Date(Date.parse(at) + ms).toISOString();
const killed = { at, action: "die", exitCode: 137 } as const;

test("kills of the same second count, whichever of them is asked for", () => {
  const deaths = new DeathRegister();
  deaths.note("a", killed);
  deaths.note("b", { ...killed, at: later(900) });
  deaths.note("c", { ...killed, at: later(2_500) });
  expect(deaths.othersWithinSecond("a", at)).toBe(1);
  expect(deaths.othersWithinSecond("b", later(900))).toBe(1);
  expect(deaths.othersWithinSecond("c", later(2_500))).toBe(0);
});

test("ends with a cause of their own do not count: other exit codes, docker kill, and memory, also told late", () => {
  const deaths = new DeathRegister();
  deaths.note("exits", { at, action: "die", exitCode: 0 });
  deaths.note("killed", { at, action: "kill", signal: 9 });
  deaths.note("killed", killed);
  deaths.note("oom", killed);
  deaths.note("oom", { at: later(5), action: "oom" });
  expect(deaths.othersWithinSecond("a", at)).toBe(0);
});
