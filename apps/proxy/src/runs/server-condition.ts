import type { ServerState } from "@mcpproxy/core/run/server-record";
import { nextServerState, type ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { MainLog } from "../logs/main-log.ts";

export interface ServerConditionOptions {
  readonly server: string;
  readonly mainLog: MainLog;
  onChange(): void;
}

/** The state of one server; changes only as the table of states says. */
export class ServerCondition {
  private readonly options: ServerConditionOptions;
  private current: ServerState = "stopped";

  constructor(options: ServerConditionOptions) {
    this.options = options;
  }

  get state(): ServerState {
    return this.current;
  }

  /** As an earlier MCPProxy left it. */
  resume(state: "parked"): void {
    this.current = state;
  }

  note(event: ServerEvent): void {
    this.noteFrom(this.current, event);
  }

  /** The same, for what happened to a session's run, which has a state of its own. */
  noteFrom(state: ServerState, event: ServerEvent): void {
    const next = nextServerState(state, event);
    if (next === undefined) {
      const { server, mainLog } = this.options;
      mainLog.debug({ server, state, event }, "event without a transition");
      return;
    }
    this.current = next;
    this.options.onChange();
  }
}
