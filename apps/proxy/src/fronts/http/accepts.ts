import type { IncomingMessage } from "node:http";

/** Whether the client takes this media type; one that says nothing takes all. */
export function accepts({ headers: { accept } }: IncomingMessage, type: string): boolean {
  return (
    accept === undefined ||
    accept.includes(type) ||
    accept.includes("*/*") ||
    accept.includes(`${type.split("/")[0] ?? ""}/*`)
  );
}
