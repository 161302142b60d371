import type { Duplex } from "node:stream";
import { AppError } from "../app-error.ts";
import { parseAllowRule, type AllowRule } from "./allow-rule.ts";
import { createDenialReporter } from "./denial-reporter.ts";
import type { EgressDenial } from "./denial.ts";

/** A container that may use the proxy, known by its address on the egress network. */
export interface EgressClient {
  readonly address: string;
  readonly server: string;
  readonly runId: string;
  readonly allowHosts: readonly string[];
  /** At most once per host, port and reason a minute. */
  onDenied(denial: EgressDenial): void;
}

export interface Admission {
  readonly server: string;
  readonly allowHosts: readonly string[];
  readonly rules: readonly AllowRule[];
  /** Aborted on release. */
  readonly signal: AbortSignal;
  report(denial: EgressDenial): void;
  /** Ends the connection together with the admission. */
  track(socket: Duplex): void;
}

export interface Admissions {
  /** @throws AppError config_error for an entry of allowHosts that cannot be read */
  admit(client: EgressClient): () => void;
  /** The admission of an address now. */
  get(address: string): Admission | undefined;
  /** Waits for the admission: a container may connect before anyone could ask for its address. */
  find(address: string, waitMs: number): Promise<Admission | undefined>;
  releaseAll(): void;
}

interface Entry {
  readonly admission: Admission;
  release(): void;
}

export function createAdmissions(nowMs: () => number): Admissions {
  const entries = new Map<string, Entry>();
  const waiting = new Map<string, Set<(admission: Admission) => void>>();
  return {
    admit(client) {
      const entry = createEntry(client, nowMs);
      // The engine gives an address to one running container at a time: the older one is gone.
      entries.get(client.address)?.release();
      entries.set(client.address, entry);
      for (const resolve of waiting.get(client.address) ?? []) resolve(entry.admission);
      return () => {
        if (entries.get(client.address) === entry) entries.delete(client.address);
        entry.release();
      };
    },
    get: (address) => entries.get(address)?.admission,
    find: (address, waitMs) =>
      Promise.resolve(entries.get(address)?.admission ?? waitFor({ waiting, address, waitMs })),
    releaseAll() {
      for (const entry of entries.values()) entry.release();
      entries.clear();
    },
  };
}

interface Wait {
  readonly waiting: Map<string, Set<(admission: Admission) => void>>;
  readonly address: string;
  readonly waitMs: number;
}

async function waitFor({ waiting, address, waitMs }: Wait): Promise<Admission | undefined> {
  const { promise, resolve } = Promise.withResolvers<Admission | undefined>();
  const resolvers = waiting.get(address) ?? new Set();
  waiting.set(address, resolvers.add(resolve));
  const timer = setTimeout(() => resolve(undefined), waitMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    resolvers.delete(resolve);
    if (resolvers.size === 0) waiting.delete(address);
  }
}

function createEntry(client: EgressClient, nowMs: () => number): Entry {
  const controller = new AbortController();
  const sockets = new Set<Duplex>();
  const admission: Admission = {
    server: client.server,
    allowHosts: client.allowHosts,
    rules: client.allowHosts.map(readRule),
    signal: controller.signal,
    report: createDenialReporter((denial) => client.onDenied(denial), nowMs),
    track(socket) {
      if (controller.signal.aborted) socket.destroy();
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    },
  };
  const release = (): void => {
    controller.abort();
    for (const socket of sockets) socket.destroy();
  };
  return { admission, release };
}

function readRule(text: string): AllowRule {
  const parse = parseAllowRule(text);
  if (parse.state === "invalid") throw new AppError("config_error", `allow_hosts: ${parse.problem}`);
  return parse.rule;
}
