import { accepted, rejected, type UnitResult } from "./unit-result.ts";

/** Docker refuses to create a container with less. */
const minimumMemoryBytes = 6 * 1024 ** 2;
const maximumMemoryBytes = Number.MAX_SAFE_INTEGER;
const maximumDurationMs = 24 * 60 * 60 * 1000;
/** Docker counts processors in billionths and refuses less than a hundredth. */
const minimumCpus = 0.01;
const maximumCpus = 1024;

const bytesPerUnit: Readonly<Record<string, number>> = {
  "": 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};
const msPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const msPerAgeUnit: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const maximumAgeMs = 3_650 * 86_400_000;

const ageRemedy = 'Write a whole number with h, d or w, for example "30d".';
const memoryRemedy = 'Write a number with b, k, m or g, for example "512m" or "1.5g".';
const durationRemedy = 'Write a number with ms, s, m or h, for example "30s" or "1m30s".';
const cpusRemedy = 'Write a number of cores, for example "1.0" or "0.5".';

/** Reads an amount of memory the way Docker does (binary units b, k, m, g, t); gives bytes, at least Docker's 6 MiB. */
export function parseMemory(input: string | number): UnitResult<number> {
  const size = parseByteSize(input);
  if (!size.ok || size.value >= minimumMemoryBytes) return size;
  return rejected(`${JSON.stringify(input)} is less than 6m, the least that Docker accepts.`, memoryRemedy);
}

/** Reads an amount of bytes the way Docker does (binary units b, k, m, g, t); gives bytes, more than 0. */
export function parseByteSize(input: string | number): UnitResult<number> {
  const shown = JSON.stringify(input);
  const match = /^(-?\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?$/i.exec(String(input).trim());
  const factor = bytesPerUnit[match?.[2]?.toLowerCase() ?? ""];
  if (match === null || factor === undefined) return rejected(`${shown} is not an amount of memory.`, memoryRemedy);
  const bytes = Math.trunc(Number(match[1]) * factor);
  if (bytes < 0) return rejected(`${shown} is negative.`, memoryRemedy);
  if (bytes === 0) return rejected(`${shown} is nothing.`, memoryRemedy);
  if (bytes > maximumMemoryBytes) return rejected(`${shown} is more memory than can be counted.`, memoryRemedy);
  return accepted(bytes);
}

/** Reads a duration such as "30s", "500ms" or "1m30s"; gives milliseconds, more than 0 and at most 24 hours. */
export function parseDuration(input: string | number): UnitResult<number> {
  const shown = JSON.stringify(input);
  if (typeof input === "number") return rejected(`${shown} has no unit.`, durationRemedy);
  const text = input.trim();
  if (text.startsWith("-")) return rejected(`${shown} is negative.`, durationRemedy);
  if (/^\d+(\.\d+)?$/.test(text)) return rejected(`${shown} has no unit.`, durationRemedy);
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return rejected(`${shown} is not a duration.`, durationRemedy);
  const durationMs = Math.round(sumOfParts(text));
  if (durationMs < 1) return rejected(`${shown} is no time at all.`, durationRemedy);
  if (durationMs > maximumDurationMs) return rejected(`${shown} is more than 24 hours.`, durationRemedy);
  return accepted(durationMs);
}

/** Reads an age such as "30d", "12h" or "2w"; gives milliseconds, at least an hour and at most ten years. */
export function parseAge(input: string | number): UnitResult<number> {
  const shown = JSON.stringify(input);
  const [, count, unit = ""] = /^(\d{1,6})(h|d|w)$/.exec(String(input).trim()) ?? [];
  const unitMs = msPerAgeUnit[unit];
  if (count === undefined || unitMs === undefined) return rejected(`${shown} is not an age.`, ageRemedy);
  const ageMs = Number(count) * unitMs;
  if (ageMs === 0) return rejected(`${shown} is no time at all.`, ageRemedy);
  if (ageMs > maximumAgeMs) return rejected(`${shown} is more than 10 years.`, ageRemedy);
  return accepted(ageMs);
}

/** Reads a number of CPU cores ("1.0", 0.5); gives cores, exact to a billionth as Docker counts them. */
export function parseCpus(input: string | number): UnitResult<number> {
  const shown = JSON.stringify(input);
  const text = String(input).trim();
  if (!/^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) return rejected(`${shown} is not a number of CPU cores.`, cpusRemedy);
  const cpus = Math.round(Number(text) * 1e9) / 1e9;
  if (cpus < 0) return rejected(`${shown} is negative.`, cpusRemedy);
  if (cpus < minimumCpus) return rejected(`${shown} is less than 0.01, the least that Docker accepts.`, cpusRemedy);
  if (cpus > maximumCpus) return rejected(`${shown} is more than ${maximumCpus} cores.`, cpusRemedy);
  return accepted(cpus);
}

function sumOfParts(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
    .map((part) => Number(part[1]) * (msPerUnit[part[2] ?? ""] ?? 0))
    .reduce((sum, partMs) => sum + partMs, 0);
}
