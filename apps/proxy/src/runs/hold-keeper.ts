import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { HoldRepository, ServerHold } from "../store/store.ts";
import type { Clock } from "./clock.ts";

export interface HoldKeeperOptions {
  readonly server: string;
  readonly holds: HoldRepository;
  readonly clock: Pick<Clock, "timestamp">;
  /** Of the server's configuration right now. */
  configHash(): string;
  onError(error: unknown): void;
}

/** Writes down that a server is to stay down, so that a restart of MCPProxy does not start it again. */
export class HoldKeeper {
  private readonly options: HoldKeeperOptions;
  private hold: ServerHold | undefined;
  private writes: Promise<void> = Promise.resolve();

  constructor(options: HoldKeeperOptions) {
    this.options = options;
  }

  /** Takes what an earlier MCPProxy wrote; undefined when the configuration is another one since. */
  resume(stored: ServerHold | undefined): ServerHold | undefined {
    this.hold = stored;
    if (stored === undefined || stored.configHash === this.options.configHash()) return stored;
    this.release();
    return undefined;
  }

  /** A person stopped it. Resolves when that is stored; never rejects. */
  async keepStopped({ at, actor, reason }: StopIntent): Promise<void> {
    const note = reason.kind === "user" ? (reason.note ?? null) : null;
    this.put({ kind: "held", at, actor, note, failures: 0 });
    await this.writes;
  }

  /** It failed too often, or in a way that only repeats itself. */
  keepParked(failures: number): void {
    this.put({ kind: "parked", at: this.options.clock.timestamp(), actor: "mcpproxy", note: null, failures });
  }

  /** Somebody starts it, or its configuration gives it a new chance. */
  release(): void {
    if (this.hold === undefined) return;
    this.hold = undefined;
    this.write(() => this.options.holds.remove(this.options.server));
  }

  /** The configuration changed in a way that leaves the server down. */
  followConfig(): void {
    if (this.hold !== undefined) this.put(this.hold);
  }

  private put(hold: Omit<ServerHold, "server" | "configHash">): void {
    const { server, holds, configHash } = this.options;
    const next = { ...hold, server, configHash: configHash() };
    this.hold = next;
    this.write(() => holds.put(next));
  }

  /** In order: a release must not overtake what it ends. */
  private write(work: () => Promise<void>): void {
    this.writes = this.writes.then(work).catch((error: unknown) => this.options.onError(error));
  }
}

/** The stop of the person whom an earlier MCPProxy wrote down. */
export function intentOfHold({ at, actor, note }: ServerHold): StopIntent {
  return { at, actor, reason: note === null ? { kind: "user" } : { kind: "user", note } };
}
