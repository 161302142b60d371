/** The value of `work`, or "timed-out" when it has not settled in time; rejects like `work`. A later end is ignored. */
export async function withinDeadline<Value>(work: Promise<Value>, deadlineMs: number): Promise<Value | "timed-out"> {
  const { promise: timeout, resolve } = Promise.withResolvers<"timed-out">();
  const timer = setTimeout(() => resolve("timed-out"), deadlineMs);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** True when `work` ends in time, false when it takes longer; rejects like `work`. */
export async function endsWithin(work: Promise<unknown>, deadlineMs: number): Promise<boolean> {
  const outcome = await withinDeadline(
    work.then(() => "ended" as const),
    deadlineMs,
  );
  return outcome === "ended";
}

/** Settles like `work`, or rejects with `createError` when that takes longer. */
export async function withDeadline<Value>(
  work: Promise<Value>,
  { timeoutMs, createError }: { readonly timeoutMs: number; readonly createError: () => Error },
): Promise<Value> {
  const outcome = await withinDeadline(
    work.then((value) => ({ value })),
    timeoutMs,
  );
  if (outcome === "timed-out") throw createError();
  return outcome.value;
}
