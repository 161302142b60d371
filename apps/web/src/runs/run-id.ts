const pattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text from a URL can be the id of a run (a UUID). */
export function isRunId(text: string): boolean {
  return pattern.test(text);
}
