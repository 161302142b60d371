const runId = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** The id of a run inside pasted text, such as an error of a client that names it. */
export function runIdIn(text: string): string | undefined {
  return runId.exec(text)?.[0].toLowerCase();
}
