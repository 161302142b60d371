/** Resolves to "timed-out" when the promise has not settled within the time; the timer never outlives the wait. */
export async function withinDeadline<Value>(promise: Promise<Value>, deadlineMs: number): Promise<Value | "timed-out"> {
  const { promise: timeout, resolve } = Promise.withResolvers<"timed-out">();
  const timer = setTimeout(() => resolve("timed-out"), deadlineMs);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
