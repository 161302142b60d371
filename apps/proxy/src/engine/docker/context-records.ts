import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { EngineChoice } from "../engine-set.ts";
import type { DockerContext } from "./docker-contexts.ts";
import { configuredHostName } from "./docker-endpoint.ts";
import { defaultSocketPath } from "./docker-host.ts";

/** Where runs live that began before their selection led elsewhere. */
export interface HeldEngine {
  readonly status: EngineStatus;
  readonly servers: readonly string[];
}

export interface ChosenEngine {
  readonly choice: EngineChoice;
  /** Servers that would start there. */
  readonly servers: readonly string[];
  /** It is the one of servers that choose none themselves. */
  readonly isFallback: boolean;
}

export interface ContextsView {
  readonly stored: readonly DockerContext[];
  /** DOCKER_HOST */
  readonly environmentHost: string | undefined;
  readonly choices: readonly ChosenEngine[];
  readonly held: readonly HeldEngine[];
}

/** What is known of every engine that is used or could be, without asking any. */
export function contextRecords(view: ContextsView): readonly DockerContextRecord[] {
  const records = new Map<string, DockerContextRecord>();
  const add = (key: string, record: DockerContextRecord): void => {
    const known = records.get(key);
    records.set(key, known === undefined ? record : merged(known, record));
  };
  for (const record of storedRecords(view)) add(record.name, record);
  for (const chosen of view.choices) {
    const record = choiceRecord(chosen);
    add(record.name, record);
  }
  for (const { status, servers } of view.held) {
    const record = { ...usedRecord(status), reason: "runs that began there earlier", servers };
    // A context whose address changed is two engines while a run lives on the old one.
    const isSame = records.get(record.name)?.endpoint === record.endpoint;
    add(isSame ? record.name : `${record.name} ${record.endpoint}`, record);
  }
  return [...records.values()];
}

function storedRecords({ stored, environmentHost }: ContextsView): readonly DockerContextRecord[] {
  const own = { name: "default", description: "The default socket of Docker", endpoint: `unix://${defaultSocketPath}` };
  const all = [
    { ...unused, ...own },
    ...stored.map(({ name, description, host }) => ({ ...unused, name, description, endpoint: host })),
  ];
  if (environmentHost === undefined) return all;
  return [...all, { ...unused, name: "DOCKER_HOST", description: "From the environment", endpoint: environmentHost }];
}

function choiceRecord({ choice, servers, isFallback }: ChosenEngine): DockerContextRecord {
  const { status, reason } = choice;
  return { ...usedRecord(status), reason: reason || null, isDefault: isFallback, servers };
}

function usedRecord(status: EngineStatus): DockerContextRecord {
  const { context, endpoint, state, version, problem } = status;
  const isNamed = context !== configuredHostName;
  return {
    ...unused,
    name: isNamed ? context : endpoint,
    description: isNamed ? "" : "From docker_host of the config",
    endpoint: endpoint === "unknown" ? null : endpoint,
    isUsed: true,
    state,
    version,
    problem,
  };
}

function merged(known: DockerContextRecord, next: DockerContextRecord): DockerContextRecord {
  return {
    ...next,
    endpoint: next.endpoint ?? known.endpoint,
    description: known.description || next.description,
    isDefault: known.isDefault || next.isDefault,
    reason: known.reason ?? next.reason,
    servers: [...new Set([...known.servers, ...next.servers])].toSorted(),
  };
}

const unused: Omit<DockerContextRecord, "name"> = {
  description: "",
  endpoint: null,
  isDefault: false,
  isUsed: false,
  reason: null,
  state: "unchecked",
  version: null,
  problem: null,
  servers: [],
};
