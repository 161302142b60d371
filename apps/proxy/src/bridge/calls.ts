import type { CallInFlight } from "@mcpproxy/core/run/run-record";
import type { RequestMessage } from "./scan-message.ts";
import type { CallSink, Session } from "./session.ts";

/** A client's request that waits for the server's answer, under our own id. */
export interface Call {
  readonly id: number;
  readonly session: Session;
  readonly method: string;
  readonly name: string | undefined;
  /** The beginning of its arguments as the client wrote them, where they are kept. */
  readonly argumentBytes: Buffer | undefined;
  readonly startedAtMs: number;
  /** How often it was sent again with what the server asked for. */
  readonly round: number;
  /** Kept only where it may have to be sent again. */
  readonly request: RequestMessage | undefined;
  /** What follows changes when a client of the modern era comes back to its call with another request. */
  sink: CallSink;
  /** Raw JSON of the client's id and token, put back on the way to the client. */
  clientIdText: string;
  clientTokenText: string | undefined;
}

/**
 * Calls in flight by our own integer ids. Clients do send the same id twice in parallel,
 * so nothing here is ever looked up by a client's id alone.
 */
export class Calls {
  private readonly byId = new Map<number, Call>();
  private nextId = 1;

  get size(): number {
    return this.byId.size;
  }

  add(call: Omit<Call, "id">): Call {
    const added = { ...call, id: this.nextId };
    this.nextId += 1;
    this.byId.set(added.id, added);
    return added;
  }

  /** Puts back what was taken. */
  restore(call: Call): void {
    this.byId.set(call.id, call);
  }

  get(id: number): Call | undefined {
    return this.byId.get(id);
  }

  take(id: number): Call | undefined {
    const call = this.byId.get(id);
    if (call !== undefined) this.byId.delete(id);
    return call;
  }

  takeAll(): readonly Call[] {
    const all = [...this.byId.values()];
    this.byId.clear();
    return all;
  }

  ofSession(session: Session): readonly Call[] {
    return [...this.byId.values()].filter((call) => call.session === session);
  }

  /**
   * The session with calls in flight, when it is the only one; otherwise how many there are. A call whose client is
   * away counts only when there is no other: the client's request is over, and the server waits for its answer.
   */
  onlyBusySession(isCandidate: (session: Session) => boolean): { readonly call: Call } | { readonly sessions: number } {
    const present = new Map<Session, Call>();
    const away = new Map<Session, Call>();
    for (const call of this.byId.values())
      if (isWork(call) && isCandidate(call.session))
        (call.sink.isAway === true ? away : present).set(call.session, call);
    const latest = present.size > 0 ? present : away;
    const [call] = latest.values();
    return latest.size === 1 && call !== undefined ? { call } : { sessions: latest.size };
  }

  get ofClients(): number {
    let count = 0;
    for (const call of this.byId.values()) if (isWork(call)) count += 1;
    return count;
  }

  describe(nowMs: number, readArguments: (bytes: Buffer) => string): readonly CallInFlight[] {
    const ofClients = [...this.byId.values()].filter(isWork);
    return ofClients.map((call) => ({
      method: call.method,
      ...(call.name === undefined ? {} : { tool: call.name }),
      ...(call.argumentBytes === undefined ? {} : { arguments: readArguments(call.argumentBytes) }),
      sessionId: call.session.id,
      ageMs: Math.round(nowMs - call.startedAtMs),
    }));
  }
}

/** An open subscription is no work: a server that only has those is idle. */
const listenMethod = "subscriptions/listen";

function isWork({ session, method }: Call): boolean {
  return session.isClient && method !== listenMethod;
}
