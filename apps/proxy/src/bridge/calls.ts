import type { CallInFlight } from "@mcpproxy/core/run/run-record";
import type { CallSink, Session } from "./session.ts";

/** A client's request that waits for the server's answer, under our own id. */
export interface Call {
  readonly id: number;
  readonly session: Session;
  readonly sink: CallSink;
  /** Raw JSON of the client's id and token, put back on the way to the client. */
  readonly clientIdText: string;
  readonly clientTokenText: string | undefined;
  readonly method: string;
  readonly name: string | undefined;
  readonly startedAtMs: number;
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

  /** The session with calls in flight, when it is the only one; otherwise how many there are. */
  onlyBusySession(isCandidate: (session: Session) => boolean): { readonly call: Call } | { readonly sessions: number } {
    const latest = new Map<Session, Call>();
    for (const call of this.byId.values()) if (isCandidate(call.session)) latest.set(call.session, call);
    const [call] = latest.values();
    return latest.size === 1 && call !== undefined ? { call } : { sessions: latest.size };
  }

  describe(nowMs: number, isClient: (session: Session) => boolean): readonly CallInFlight[] {
    const ofClients = [...this.byId.values()].filter((call) => isClient(call.session));
    return ofClients.map((call) => ({
      method: call.method,
      ...(call.name === undefined ? {} : { tool: call.name }),
      sessionId: call.session.id,
      ageMs: Math.round(nowMs - call.startedAtMs),
    }));
  }
}
