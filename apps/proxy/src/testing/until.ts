/** Asks again and again until the answer is not undefined; fails with the description after the deadline. */
export async function until<Value>(
  description: string,
  ask: () => Value | undefined | Promise<Value | undefined>,
  deadlineMs = 10_000,
): Promise<Value> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${description}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 20);
    await promise;
  }
}
