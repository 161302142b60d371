const causesMax = 5;

/** The messages of an error and its causes, outermost first. */
export function describeError(error: Error): string {
  const messages: string[] = [];
  let current: unknown = error;
  while (current instanceof Error && messages.length < causesMax) {
    messages.push(current.name === "Error" ? current.message : `${current.name}: ${current.message}`);
    current = current.cause;
  }
  return messages.join("; caused by ");
}
