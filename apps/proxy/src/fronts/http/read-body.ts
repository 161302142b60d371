import type { IncomingMessage } from "node:http";

/** The whole body, or why it is not there: larger than the bound, or the client went away. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | "too-large" | "gone"> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve("too-large");
  const { promise, resolve } = Promise.withResolvers<Buffer | "too-large" | "gone">();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  request.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      request.pause();
      chunks.length = 0;
      resolve("too-large");
    } else chunks.push(chunk);
  });
  request.once("end", () =>
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
  );
  request.once("error", () => resolve("gone"));
  request.once("close", () => resolve("gone"));
  return promise;
}
