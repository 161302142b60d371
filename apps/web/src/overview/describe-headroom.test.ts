import { expect, test } from "vitest";
import { describeHeadroom } from "./describe-headroom.ts";

const gibibyte = 1024 ** 3;
const base = { hostBytes: 8 * gibibyte, limitsBytes: gibibyte, usedBytes: gibibyte / 2, containers: 2, unlimited: 0 };

test("limits within the host's memory", () => {
  expect(describeHeadroom(base)).toEqual({
    text: "2 containers may use 1 GiB together and use 512 MiB now; the host has 8 GiB.",
    isOver: false,
  });
});

test("limits above it say what that means", () => {
  const { text, isOver } = describeHeadroom({ ...base, limitsBytes: 9 * gibibyte, unlimited: 1 });
  expect(isOver).toBe(true);
  expect(text).toMatch(/the host runs out of memory\. 1 has no limit\.$/);
});

test("nothing runs", () => {
  expect(describeHeadroom({ ...base, containers: 0, limitsBytes: 0 }).text).toBe(
    "No container runs. The host has 8 GiB.",
  );
});
