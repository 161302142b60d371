import { describe, expect, it, test } from "vitest";
import { parseAge, parseCpus, parseDuration, parseMemory } from "./units.ts";

describe("parseMemory", () => {
  it.each([
    ["512m", 512 * 1024 ** 2],
    ["1g", 1024 ** 3],
    ["1.5g", 1.5 * 1024 ** 3],
    ["6M", 6 * 1024 ** 2],
    ["64MiB", 64 * 1024 ** 2],
    ["64mb", 64 * 1024 ** 2],
    ["8388608", 8_388_608],
    ["8388608b", 8_388_608],
    [8_388_608, 8_388_608],
  ])("reads %j as %d bytes", (input, value) => {
    expect(parseMemory(input)).toEqual({ ok: true, value });
  });

  it.each([
    ["512x", '"512x" is not an amount of memory.'],
    ["", '"" is not an amount of memory.'],
    ["-5m", '"-5m" is negative.'],
    [-1, "-1 is negative."],
    ["5m", '"5m" is less than 6m, the least that Docker accepts.'],
    [512, "512 is less than 6m, the least that Docker accepts."],
    ["99999999t", '"99999999t" is more memory than can be counted.'],
  ])("refuses %j with its value and an example", (input, problem) => {
    expect(parseMemory(input)).toEqual({ ok: false, problem, remedy: expect.stringContaining('"512m"') });
  });
});

describe("parseDuration", () => {
  it.each([
    ["30s", 30_000],
    ["500ms", 500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["1m30s", 90_000],
    ["1.5s", 1500],
  ])("reads %j as %d ms", (input, value) => {
    expect(parseDuration(input)).toEqual({ ok: true, value });
  });

  it.each([["30"], [30], ["0s"], ["-1s"], ["25h"], ["soon"], ["30s later"]])("refuses %j", (input) => {
    expect(parseDuration(input)).toMatchObject({ ok: false });
  });
});

describe("parseCpus", () => {
  it.each([
    ["1.0", 1],
    [0.5, 0.5],
    ["2", 2],
    [".25", 0.25],
    ["0.3333333333", 0.333333333],
  ])("reads %j as %d cores", (input, value) => {
    expect(parseCpus(input)).toEqual({ ok: true, value });
  });

  it.each([["0"], [0], [-1], ["two"], ["0.001"], [5000], ["1e3"]])("refuses %j", (input) => {
    expect(parseCpus(input)).toMatchObject({ ok: false });
  });
});

describe("ages", () => {
  test.each([
    ["30d", 30 * 86_400_000],
    [" 12h ", 12 * 3_600_000],
    ["2w", 14 * 86_400_000],
  ])("%j is %d ms", (text, ageMs) => {
    expect(parseAge(text)).toEqual({ ok: true, value: ageMs });
  });

  test.each(["", "30", "1.5d", "-1d", "10m", "0d", "600000w", 30])("%j is refused with an example", (input) => {
    expect(parseAge(input)).toMatchObject({ ok: false, remedy: expect.stringContaining("30d") });
  });
});
