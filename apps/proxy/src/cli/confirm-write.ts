import { createInterface } from "node:readline/promises";

export interface WriteOptions {
  readonly write?: boolean;
  readonly json?: boolean;
}

/** True when a change may be written: with --write, or after "y" on a terminal. */
export async function confirmWrite(question: string, options: WriteOptions): Promise<boolean> {
  if (options.write === true) return true;
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  if (options.json === true || !isTerminal) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // The end of the input is no answer: readline would wait for ever.
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  terminal.once("close", () => resolve(""));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
