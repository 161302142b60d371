import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { openEventStream, writeEvent } from "./event-stream.ts";
import { startFixture, type FixtureProcess } from "./fixture-process.ts";
import type { ServerEra } from "../combination.ts";
import type { Message } from "./message.ts";

interface Session {
  readonly fixture: FixtureProcess;
  /** Requests that wait for their answer, in the order of their arrival. */
  readonly open: Map<string | number, ServerResponse>;
  general: ServerResponse | undefined;
}

/** Where requests of the handshake era go: one process per session. */
export function legacyEndpoint(era: ServerEra) {
  const sessions = new Map<string, Session>();

  return {
    post({
      message,
      sessionId,
      response,
    }: {
      message: Message;
      sessionId: string | undefined;
      response: ServerResponse;
    }) {
      const id = sessionId ?? (message.method === "initialize" ? openSession({ sessions, era }) : undefined);
      const session = sessions.get(id ?? "");
      if (id === undefined || session === undefined) return refuse(response, id === undefined ? 400 : 404);
      response.setHeader("Mcp-Session-Id", id);
      if (message.method !== undefined && message.id !== undefined) {
        session.open.set(message.id, response);
        openEventStream(response);
      } else {
        response.writeHead(202).end();
      }
      session.fixture.send(message);
    },
    get({ sessionId, response }: { sessionId: string | undefined; response: ServerResponse }) {
      const session = sessions.get(sessionId ?? "");
      if (session === undefined) return refuse(response, sessionId === undefined ? 400 : 404);
      session.general = response;
      openEventStream(response);
    },
    async remove({ sessionId, response }: { sessionId: string | undefined; response: ServerResponse }) {
      const session = sessions.get(sessionId ?? "");
      if (session === undefined) return refuse(response, sessionId === undefined ? 400 : 404);
      sessions.delete(sessionId ?? "");
      session.general?.end();
      await session.fixture.stop();
      response.writeHead(204).end();
    },
    async stop() {
      await Promise.all([...sessions.values()].map(({ fixture }) => fixture.stop()));
    },
  };
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

function openSession({ sessions, era }: { readonly sessions: Map<string, Session>; readonly era: ServerEra }): string {
  const id = randomUUID();
  const open: Session["open"] = new Map();
  const session: Session = {
    open,
    general: undefined,
    fixture: startFixture({ era, onMessage: (message) => deliver(session, message) }),
  };
  sessions.set(id, session);
  return id;
}

/** An answer goes to its request; everything else to the latest open call, which most likely caused it. */
function deliver(session: Session, message: Message): void {
  const answered = message.method === undefined ? session.open.get(message.id ?? "") : undefined;
  if (answered) {
    session.open.delete(message.id ?? "");
    writeEvent(answered, message);
    answered.end();
    return;
  }
  const stream = [...session.open.values()].at(-1) ?? session.general;
  if (stream) writeEvent(stream, message);
}
