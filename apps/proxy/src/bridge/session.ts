import type { ClientIdentity } from "./envelope.ts";
import type { Replacement } from "./replace-spans.ts";
import type { RequestMessage, ResponseMessage } from "./scan-message.ts";

/** What a client said it can do for a server: in its initialize request, or in the envelope of each request. */
export interface ClientCapabilities {
  readonly sampling: boolean;
  readonly elicitation: boolean;
  readonly roots: boolean;
}

/** One client's connection to one server; in the modern era, one request of it. */
export interface Session {
  readonly id: string;
  readonly era: "legacy" | "modern";
  /** False for MCPProxy's own requests, which are nobody's calls. */
  readonly isClient: boolean;
  capabilities: ClientCapabilities;
  /** What a server of the modern era is told about a client of the legacy era. */
  identity: ClientIdentity;
  /** resources/subscribe'd URIs */
  readonly subscriptions: Set<string>;
  /** The least severe level of log messages that it asked for. */
  loggingLevel: string | undefined;
  /** Messages that belong to no call: list_changed, resource updates, logging. */
  deliver(message: Buffer): void;
}

/** A request of the server to a client in the course of a call. */
export interface ServerRequestToClient {
  /** Our own id, which the client answers to. */
  readonly id: number;
  /** Raw JSON of the server's id. */
  readonly serverIdText: string;
  readonly message: RequestMessage;
}

/** Where one call's messages go: its progress and related requests first, then exactly one of result or cancelled. */
export interface CallSink {
  /** False when the client cannot be reached: it went away, or takes no stream. */
  onMessage(message: Buffer): boolean;
  /** `answer` is the server's, as it came; undefined when MCPProxy answers. */
  onResult(message: Buffer, answer?: ResponseMessage): void;
  /** The client cancelled the call: no result will come. */
  onCancelled(): void;
  /** Its client's request is over, and another one will go on with the call. */
  readonly isAway?: boolean;
  /** Instead of `onMessage`, for a client that gets no requests. False when it cannot be asked. */
  onServerRequest?(request: ServerRequestToClient): boolean;
  /** The server takes its request back. */
  onServerRequestCancelled?(id: number): void;
  /** A request of the server was refused, because the client did not declare what it needs. */
  onCapabilityMissing?(request: RequestMessage): void;
  /** What else changes in the server's answer on its way to this client. */
  editAnswer?(answer: ResponseMessage): readonly Replacement[];
}

const noCapabilities: ClientCapabilities = { sampling: false, elicitation: false, roots: false };
const nobody: ClientIdentity = { capabilities: {}, clientInfo: undefined };

export function createSession(id: string, deliver: (message: Buffer) => void): Session {
  return {
    id,
    era: "legacy",
    isClient: true,
    capabilities: noCapabilities,
    identity: nobody,
    subscriptions: new Set(),
    loggingLevel: undefined,
    deliver,
  };
}

/** For one request of a client of the modern era; `idText` is the raw JSON of its id, which may be of any length. */
export function createRequestSession(idText: string, capabilities: ClientCapabilities): Session {
  const id = `modern-${idText.slice(0, 64)}`;
  return { ...createSession(id, () => undefined), era: "modern", capabilities };
}

/** For requests of MCPProxy's own. */
export function createOwnSession(id: string): Session {
  return { ...createSession(id, () => undefined), isClient: false };
}
