import { readFile } from "node:fs/promises";
import { getCACertificates } from "node:tls";
import { EngineError, type Engine, type HostLaunch } from "../engine/engine.ts";
import { createRemoteWorkload } from "./remote-workload.ts";

export interface RemoteEngineOptions {
  /** Version of MCPProxy, told as the user agent. */
  readonly version: string;
  /** The proxy that this machine needs to get out, and what is reached without it. */
  readonly httpsProxy: string | undefined;
  readonly noProxy: string | undefined;
}

/** Talks to servers that are somewhere else, over HTTP. Nothing is started, and nothing is isolated. */
export function createRemoteEngine(options: RemoteEngineOptions): Engine<HostLaunch> {
  return {
    kind: "remote",
    async create(launch, output) {
      const { remote } = launch;
      if (remote === undefined) throw new Error(`${launch.server} is no remote server`);
      const certificates = remote.caFile === undefined ? undefined : await trusted(remote.caFile);
      return createRemoteWorkload({ launch, remote, output, certificates, ...options });
    },
  };
}

/** What Node trusts, and the bundle of the config. */
async function trusted(caFile: string): Promise<string[]> {
  try {
    return [...getCACertificates("default"), await readFile(caFile, "utf8")];
  } catch (cause) {
    throw new EngineError(
      `The certificates in ${caFile} cannot be read: ${String(cause)}`,
      { stage: "create" },
      { cause },
    );
  }
}
