import type { CallSink, Session } from "./session.ts";

/** A server's request (sampling, elicitation, roots) that waits for one client's answer. */
export interface ServerRequest {
  readonly session: Session;
  /** Of the call that it belongs to, as it is by now. */
  sink(): CallSink;
  /** Raw JSON of the server's id. */
  readonly serverIdText: string;
}

/** Requests from the server to clients, under our own ids. */
export class ServerRequests {
  private readonly byId = new Map<number, ServerRequest>();
  private nextId = 1;

  add(request: ServerRequest): number {
    const id = this.nextId;
    this.nextId += 1;
    this.byId.set(id, request);
    return id;
  }

  /** Only the session that was asked may answer. */
  take(id: number, session: Session): ServerRequest | undefined {
    const request = this.byId.get(id);
    if (request?.session !== session) return undefined;
    this.byId.delete(id);
    return request;
  }

  /** The server takes its own request back. */
  takeByServerId(serverIdText: string): { readonly id: number; readonly request: ServerRequest } | undefined {
    for (const [id, request] of this.byId) {
      if (request.serverIdText === serverIdText) {
        this.byId.delete(id);
        return { id, request };
      }
    }
    return undefined;
  }

  takeOfSession(session: Session): readonly ServerRequest[] {
    const taken: ServerRequest[] = [];
    for (const [id, request] of this.byId) {
      if (request.session !== session) continue;
      this.byId.delete(id);
      taken.push(request);
    }
    return taken;
  }

  clear(): void {
    this.byId.clear();
  }
}
