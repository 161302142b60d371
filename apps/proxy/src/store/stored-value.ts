/** RFC 3339 text as stored; finer fractions than milliseconds are cut. Throws TypeError for anything else. */
export function toStoredTime(rfc3339: string): Date {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime())) throw new TypeError(`Not an RFC 3339 time: ${JSON.stringify(rfc3339)}`);
  return time;
}

export function toStoredTimeOrNull(rfc3339: string | null): Date | null {
  return rfc3339 === null ? null : toStoredTime(rfc3339);
}

/** Rounds, because measured durations have fractions. */
export function toStoredInteger(value: number): bigint {
  return BigInt(Math.round(value));
}

export function toStoredIntegerOrNull(value: number | null): bigint | null {
  return value === null ? null : toStoredInteger(value);
}

export function fromStoredIntegerOrNull(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

export function fromStoredTimeOrNull(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
