import { randomUUID } from "node:crypto";
import type { RpcError } from "../../bridge/rpc-error.ts";
import { RequestStates } from "./request-state.ts";

/** A person may have to fill in a form. */
const defaultWaitMs = 10 * 60_000;
const defaultMaxCalls = 256;

export interface ParkedCallsOptions {
  readonly waitMs: number;
  readonly maxCalls: number;
}

/** A call that waits for its client to come back with what the server asked for. */
export interface ParkedCall {
  /** Grows with each answer that is asked for: an earlier state cannot be used again. */
  readonly round: number;
  /** The client did not come back. */
  expire(reason: string): void;
}

interface Entry<C> {
  readonly call: C;
  timer: NodeJS.Timeout | undefined;
}

/** Calls whose client is away with an `input_required` result, bounded in number and time. */
export class ParkedCalls<C extends ParkedCall> {
  private readonly byId = new Map<string, Entry<C>>();
  private readonly states = new RequestStates();
  private readonly options: ParkedCallsOptions;

  constructor(options: Partial<ParkedCallsOptions> = {}) {
    this.options = { waitMs: defaultWaitMs, maxCalls: defaultMaxCalls, ...options };
  }

  get size(): number {
    return this.byId.size;
  }

  get hasRoom(): boolean {
    return this.byId.size < this.options.maxCalls;
  }

  /** Registers a call that may have to wait; its id goes into its states. */
  add(call: C): string {
    const id = randomUUID();
    this.byId.set(id, { call, timer: undefined });
    return id;
  }

  /** The call waits from now on; gives its `requestState`. */
  park(id: string, boundTo: string): string {
    const entry = this.byId.get(id);
    const { waitMs } = this.options;
    if (entry === undefined) throw new Error("only calls that were added can be parked");
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      this.byId.delete(id);
      entry.call.expire(`the client did not come back with the input within ${waitMs / 1_000} s`);
    }, waitMs);
    entry.timer.unref();
    return this.states.seal({ callId: id, round: entry.call.round, expiresAtMs: performance.now() + waitMs }, boundTo);
  }

  /** The call that a retry goes on with. */
  resume(state: string, boundTo: string): C | RpcError {
    const opened = this.states.open(state, boundTo);
    if (opened === undefined || opened.expiresAtMs < performance.now()) return notValid;
    const entry = this.byId.get(opened.callId);
    if (entry === undefined || entry.call.round !== opened.round) return noLongerWaiting;
    clearTimeout(entry.timer);
    return entry.call;
  }

  remove(id: string): void {
    clearTimeout(this.byId.get(id)?.timer);
    this.byId.delete(id);
  }

  /** Nobody can come back any more. */
  expireAll(reason: string): void {
    for (const [id, { call }] of this.byId) {
      this.remove(id);
      call.expire(reason);
    }
  }
}

const notValid: RpcError = {
  code: "invalid_params",
  message:
    "This requestState is not valid here: it was changed, has expired, or belongs to another request or client. Send the request again without it.",
};
const noLongerWaiting: RpcError = {
  code: "invalid_params",
  message: "This requestState was used before, or its call has ended. Send the request again without it.",
};
