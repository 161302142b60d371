/** Marks a request that may take seconds: it goes out alone, so that no other waits for it in the same batch. */
export const slowRequest = { context: { isSlow: true } } as const;

/** Whether a request was marked. */
export function isSlowRequest({ context }: { readonly context: Readonly<Record<string, unknown>> }): boolean {
  return context["isSlow"] === true;
}
