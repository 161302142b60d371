import type { IncomingMessage } from "node:http";

export const maxBodyBytes = 16 * 1024 * 1024;

/** The whole body, or undefined when it is larger than the bound or the client went away. */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) return Promise.resolve(undefined);
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  request.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) {
      request.pause();
      resolve(undefined);
    } else chunks.push(chunk);
  });
  request.once("end", () =>
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
  );
  request.once("error", () => resolve(undefined));
  request.once("close", () => resolve(undefined));
  return promise;
}
