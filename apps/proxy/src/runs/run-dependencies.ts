import type { Redactor } from "@mcpproxy/core/redaction/redact";
import type { EgressGate } from "../egress/egress-gate.ts";
import type { EngineSet } from "../engine/engine-set.ts";
import type { Engine, HostLaunch } from "../engine/engine.ts";
import type { MainLog } from "../logs/main-log.ts";
import type { ServerLog } from "../logs/server-log.ts";
import type { RunOwner, Store } from "../store/store.ts";
import type { Clock } from "./clock.ts";
import type { DeathRegister } from "./death-register.ts";
import type { HandshakeMemory } from "./handshake-memory.ts";
import type { KeptContainers } from "./kept-containers.ts";
import type { RecoveryGate } from "./recovery-gate.ts";
import type { RunFeed } from "./run-feed.ts";
import type { Turns } from "./turns.ts";

/** What every run of this proxy shares. */
export interface RunDependencies {
  readonly store: Store;
  readonly engines: EngineSet;
  /** The way out for servers whose network is an allow-list. */
  readonly egress: EgressGate;
  readonly host: Engine<HostLaunch>;
  /** For servers that are somewhere else. */
  readonly remote: Engine<HostLaunch>;
  readonly feed: RunFeed;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive); spreads new tries. */
  random(): number;
  /** Bounds how many servers start at the same time. */
  readonly turns: Turns;
  /** Bounds how many containers there are at the same time. */
  readonly room: Turns;
  readonly deaths: DeathRegister;
  /** Engines where a start waits until what was left is gone. */
  readonly recoveries: RecoveryGate;
  readonly kept: KeptContainers;
  /** What servers said of themselves, for clients that come while they do not run. */
  readonly handshakes: HandshakeMemory;
  readonly mainLog: MainLog;
  serverLog(server: string): ServerLog;
  readonly owner: RunOwner;
  readonly instanceId: string;
  /** Version of MCPProxy, told to servers in the handshake. */
  readonly version: string;
  newRunId(): string;
  newContainerSuffix(): string;
  /** Told of every answered call of a client. */
  onCallAnswered(call: { readonly server: string; readonly durationMs: number }): void;
  readonly redact: Redactor;
  /** Whether the config has arguments of calls in flight kept. */
  recordsArguments(): boolean;
  /** Longest line that is taken from a server's stdout. */
  maxLineBytes(): number;
  /** A hash with this installation's own key: tells that a secret changed, and not what it is. */
  fingerprint(text: string): string;
}
