export interface Remembered<Value> {
  /** The answer; asks only when there is none yet. */
  get(): Promise<Value>;
  forget(): void;
}

/** Keeps the answer to a question; one that failed is asked again the next time. */
export function remember<Value>(ask: () => Promise<Value>): Remembered<Value> {
  let answer: Promise<Value> | undefined;
  const askNow = (): Promise<Value> => {
    const asked = ask().catch((error: unknown) => {
      if (answer === asked) answer = undefined;
      throw error;
    });
    return asked;
  };
  return {
    get: () => (answer ??= askNow()),
    forget() {
      answer = undefined;
    },
  };
}
