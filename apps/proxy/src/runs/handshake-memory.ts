import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Handshake } from "./handshake.ts";

/** What servers said of themselves, by the hash of the configuration that they ran with. */
export interface HandshakeMemory {
  recall(configHash: string): Handshake | undefined;
  /** Never throws. */
  remember(known: RememberedHandshake): void;
}

export interface RememberedHandshake {
  readonly server: string;
  readonly configHash: string;
  readonly handshake: Handshake;
}

export interface HandshakeMemoryOptions {
  readonly path: string;
  /** The state of the config file that is in use. */
  stamp(): string | undefined;
  onError(error: unknown): void;
}

const maxHandshakes = 500;
const maxFileBytes = 8 * 1024 * 1024;
const recordSchema = z.record(z.string(), z.unknown());
const handshakeSchema = z.object({
  era: z.enum(["legacy", "modern"]),
  protocolVersion: z.string(),
  result: recordSchema,
  discovered: recordSchema.exactOptional(),
});
const fileSchema = z.object({
  handshakes: z.record(z.string(), handshakeSchema),
  /** For who has not read the config: by the name of the server, for one state of the config file. */
  latest: z.record(z.string(), z.object({ hash: z.string(), stamp: z.string().exactOptional() })),
});
type MemoryFile = z.output<typeof fileSchema>;

/**
 * Keeps handshakes in a file (0600), so that also a process that has just begun can answer for a server that does not
 * run yet. Several processes may write it: the last one wins, and what is lost is told by the next start.
 */
export function openHandshakeMemory({ path, stamp, onError }: HandshakeMemoryOptions): HandshakeMemory {
  const { handshakes, latest } = readAll(path);
  const known = new Map(Object.entries(handshakes));
  const stamps = new Map(Object.entries(latest).map(([server, { stamp: last }]) => [server, last]));
  return {
    recall: (configHash) => known.get(configHash),
    remember({ server, configHash, handshake }) {
      const now = stamp();
      if (isSameHandshake(known.get(configHash), handshake) && stamps.get(server) === now) return;
      stamps.set(server, now);
      known.delete(configHash);
      known.set(configHash, handshake);
      try {
        // Others may have written since.
        const written = readAll(path);
        writeAll(path, {
          handshakes: newest({ ...written.handshakes, [configHash]: handshake }),
          latest: newest({
            ...written.latest,
            [server]: { hash: configHash, ...(now === undefined ? {} : { stamp: now }) },
          }),
        });
      } catch (error) {
        onError(error);
      }
    },
  };
}

/** Whether clients would be told the same. */
export function isSameHandshake(one: Handshake | undefined, other: Handshake): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A file that is missing or broken only costs the next start its quick answer. */
function readAll(path: string): MemoryFile {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return { handshakes: {}, latest: {} };
  }
}

function newest<Value>(all: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).slice(-maxHandshakes));
}

function writeAll(path: string, file: { readonly [Key in keyof MemoryFile]: object }): void {
  const text = JSON.stringify(file);
  if (text.length > maxFileBytes) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text, { mode: 0o600 });
  chmodSync(beside, 0o600);
  renameSync(beside, path);
}
