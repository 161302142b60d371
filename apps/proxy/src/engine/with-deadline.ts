/** Settles like `work`, or rejects with `createError` after `timeoutMs`; a late end of `work` is ignored. */
export async function withDeadline<Value>(
  work: Promise<Value>,
  { timeoutMs, createError }: { readonly timeoutMs: number; readonly createError: () => Error },
): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(createError()), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
