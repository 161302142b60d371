import { expect, test } from "vitest";
import { adviseLimit, type MemoryUse } from "./advise-limit.ts";

const mebibyte = 1024 ** 2;
const hourMs = 3_600_000;
const nowMs = Date.parse("2026-11-24T08:00:00Z");

function use(fields: Partial<MemoryUse> & { readonly hoursAgo?: number }): MemoryUse {
  const { hoursAgo = 1, ...rest } = fields;
  const endedAtMs = nowMs - hoursAgo * hourMs;
  return {
    verdict: "completed",
    limitBytes: 512 * mebibyte,
    peakBytes: null,
    startedAtMs: endedAtMs - 60_000,
    endedAtMs,
    ...rest,
  };
}

const killed = (hoursAgo: number, limit = 512) =>
  use({ verdict: "oom_killed", hoursAgo, limitBytes: limit * mebibyte, peakBytes: limit * mebibyte });

test("three kills in a day at 512 MiB suggest 1 GiB and call the peak unknown", () => {
  const advice = adviseLimit({ limitBytes: 512 * mebibyte, uses: [killed(1), killed(5), killed(20)], nowMs });
  expect(advice).toMatchObject({ direction: "raise", setting: "1g", isPeakCensored: true, memoryKills: 3 });
  expect(advice?.summary).toContain("3 times out of memory in 24 h at 512 MiB");
  expect(advice?.summary).toContain("suggested is 1 GiB");
});

test.each([
  ["a kill of a child counts", [use({ verdict: "oom_child" })], "1g"],
  ["a likely kill counts", [use({ verdict: "oom_likely" })], "1g"],
  ["a heap limit is no matter of the container's", [use({ verdict: "oom_heap" })], undefined],
  ["a kill eight days ago is too old", [killed(8 * 24)], undefined],
  ["a kill at a lower limit was answered", [killed(1, 256)], undefined],
  ["the peak of a run that lived asks for more", [killed(1), use({ peakBytes: 900 * mebibyte })], "1.5g"],
  ["nothing known, nothing said", [], undefined],
])("%s", (_name, uses, setting) => {
  expect(adviseLimit({ limitBytes: 512 * mebibyte, uses, nowMs })?.setting).toBe(setting);
});

const quiet = (count: number, fields: Parameters<typeof use>[0] = {}) =>
  Array.from({ length: count }, () => use({ peakBytes: 60 * mebibyte, ...fields }));

test.each([
  ["twenty runs far below the limit suggest less", quiet(20), "128m"],
  ["nineteen are not enough", quiet(19), undefined],
  ["unless they are of three days", quiet(2, { hoursAgo: 80 }), "128m"],
  ["a peak of a third of the limit fits", quiet(20, { peakBytes: 170 * mebibyte }), undefined],
  ["never below what is 1.5 times the peak", quiet(20, { peakBytes: 100 * mebibyte }), "256m"],
  ["never below 64 MiB", quiet(20, { peakBytes: mebibyte }), "64m"],
  ["a kill at a lower limit is not forgotten", [...quiet(20), killed(200, 256)], undefined],
])("%s", (_name, uses, setting) => {
  const advice = adviseLimit({ limitBytes: 512 * mebibyte, uses, nowMs });
  expect([advice?.direction, advice?.setting]).toEqual([setting === undefined ? undefined : "lower", setting]);
});

test("the peak of the run that lives counts too", () => {
  const input = { limitBytes: 512 * mebibyte, uses: quiet(20), nowMs };
  expect(adviseLimit({ ...input, livePeakBytes: 400 * mebibyte })).toBeUndefined();
});
