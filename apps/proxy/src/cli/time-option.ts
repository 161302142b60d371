import { AppError } from "../app-error.ts";

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const agePattern = /^(\d{1,6})([smhdw])$/;

/** "10m", "2h", "30d" before now, or a date or time; gives RFC 3339. Throws AppError invalid_request. */
export function parseTimeOption(
  option: string,
  { text, nowMs }: { readonly text: string; readonly nowMs: number },
): string {
  const [, count, unit = ""] = agePattern.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  const timeMs = count !== undefined && unitMs !== undefined ? nowMs - Number(count) * unitMs : Date.parse(text);
  if (Number.isFinite(timeMs)) return new Date(timeMs).toISOString();
  throw new AppError(
    "invalid_request",
    `${option} ${text}: write an age such as 10m, 2h or 30d, or a time such as 2026-11-23T19:00:00Z.`,
  );
}

/** A whole number within bounds. Throws AppError invalid_request. */
export function parseCountOption(
  option: string,
  { text, max }: { readonly text: string; readonly max: number },
): number {
  const count = Number(text);
  if (text.trim() !== "" && Number.isInteger(count) && count >= 1 && count <= max) return count;
  throw new AppError("invalid_request", `${option} ${text}: write a number from 1 to ${max}.`);
}
