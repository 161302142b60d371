import { expect, test } from "vitest";
import { rowPx, rowWindow } from "./row-window.ts";

test("only the rows in view and a few around them are in the window", () => {
  const { first, end, beforePx, totalPx } = rowWindow({
    count: 10_000,
    extras: [],
    scrollTopPx: 2_000,
    viewportPx: 400,
  });
  expect([first, end]).toEqual([92, 129]);
  expect(beforePx).toBe(92 * rowPx);
  expect(totalPx).toBe(200_000);
});

test("an opened row moves what is below it", () => {
  const input = { count: 100, extras: [{ index: 2, px: 100 }], scrollTopPx: 400, viewportPx: 100 };
  expect(rowWindow(input).totalPx).toBe(100 * rowPx + 100);
  expect(rowWindow(input).first).toBe(7);
});

test("an empty list has an empty window", () => {
  const input = { count: 0, extras: [], scrollTopPx: 0, viewportPx: 400 };
  expect(rowWindow(input)).toEqual({ first: 0, end: 0, beforePx: 0, totalPx: 0 });
});
