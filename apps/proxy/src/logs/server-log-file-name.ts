import { createHash } from "node:crypto";

const nameLengthMax = 100;
const digestLength = 8;

/** `server-NAME.log`; characters that are special in file names become `_`, with a digest so that names stay apart. */
export function serverLogFileName(server: string): string {
  const safeName = server.replaceAll(/[^A-Za-z0-9._-]/g, "_").slice(0, nameLengthMax);
  if (safeName === server) return `server-${server}.log`;
  const digest = createHash("sha256").update(server).digest("hex").slice(0, digestLength);
  return `server-${safeName}-${digest}.log`;
}
