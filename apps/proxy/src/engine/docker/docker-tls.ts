import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a TLS connection to an engine needs; each part may be missing. */
export interface DockerTls {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** The context says that the certificate of the engine is not checked. */
  readonly skipsVerification: boolean;
}

/** Reads ca.pem, cert.pem and key.pem of a folder; undefined when none is there. */
export async function readDockerTls(folder: string, skipsVerification = false): Promise<DockerTls | undefined> {
  const read = (name: string): Promise<Buffer | undefined> => readFile(join(folder, name)).catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  return ca || cert || key || skipsVerification ? { ca, cert, key, skipsVerification } : undefined;
}
