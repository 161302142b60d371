import type { Call, Calls } from "./calls.ts";
import type { Listener } from "./listener.ts";
import type { Replacement } from "./replace-spans.ts";
import type { NotificationMessage, RequestMessage, ResponseMessage } from "./scan-message.ts";
import type { CallSink, Session } from "./session.ts";

export interface BridgeCounters {
  callsTotal: number;
  /** Lines on stdout that are no JSON-RPC. */
  noiseLines: number;
  /** Answers and progress for calls that are no longer there. */
  lateMessages: number;
}

/** A request on its way to the server. */
export interface OutgoingRequest {
  readonly session: Session;
  readonly message: RequestMessage;
  readonly sink: CallSink;
  /** What changes besides id and progress token. */
  readonly edits?: readonly Replacement[];
  /** It may have to be sent again. */
  readonly isKept?: boolean;
  /** The call that it goes on with. */
  readonly continues?: Call;
}

/** What the two eras of servers share: the bridge, as its sides see it. */
export interface BridgeParts {
  readonly server: string;
  readonly sessions: ReadonlySet<Session>;
  readonly listeners: ReadonlySet<Listener>;
  readonly calls: Calls;
  readonly counters: BridgeCounters;
  /** There is a server, and it reads. */
  readonly hasRoom: boolean;
  write(message: Buffer): void;
  /** Registers a call under an id of our own and writes it. */
  send(request: OutgoingRequest): Call;
  /** A request of the server is refused, with the reason it is given. */
  noteRefused(method: string, reason: string): void;
}

/** What is different for servers of the legacy and of the modern era. */
export interface ServerSide {
  readonly era: "legacy" | "modern";
  /** A client's request; undefined when it was answered without the server. */
  request(request: OutgoingRequest): Call | undefined;
  /** A client's notification, other than a cancellation. */
  notification(message: NotificationMessage): void;
  /** A client's answer to a request of the server. */
  response(session: Session, message: ResponseMessage): void;
  /** The answer to a call that is taken off the list; true when it is not handed to the client. */
  keepsAnswer(call: Call, message: ResponseMessage): boolean;
  /** A notification of the server, other than progress. */
  receiveNotification(message: NotificationMessage): void;
  receiveRequest(message: RequestMessage): void;
  /** A call is over without an answer: what it asked of its client is void. */
  callAbandoned(call: Call, reason: string): void;
  sessionRemoved(session: Session): void;
  /** Listeners came or went. */
  listenersChanged(): void;
  /** A new run knows nothing of what sessions asked of the last one. */
  restore(): void;
  /** The run ended. */
  clear(): void;
}
