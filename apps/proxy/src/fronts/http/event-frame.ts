const suffix = Buffer.from("\n\n");
const plainPrefix = Buffer.from("event: message\ndata: ");
/** How long a client waits before it comes back for the rest of a stream. */
const retryMs = 1_000;

/** One message as a Server-Sent Event. A message is one line of JSON, so it needs one data field. */
export function eventFrame(message: Buffer, id?: string): Buffer {
  const prefix = id === undefined ? plainPrefix : Buffer.from(`id: ${id}\nevent: message\ndata: `);
  return Buffer.concat([prefix, message, suffix], prefix.length + message.length + suffix.length);
}

/** Says where a stream begins, so that a client can come back before the first message (SEP-1699). */
export function primingFrame(id: string): Buffer {
  return Buffer.from(`id: ${id}\nretry: ${retryMs}\ndata: \n\n`);
}

/** The first event of HTTP+SSE: where the client posts its messages. */
export function endpointFrame(path: string): Buffer {
  return Buffer.from(`event: endpoint\ndata: ${path}\n\n`);
}
