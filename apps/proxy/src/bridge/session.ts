/** What a client said it can do for a server, in its initialize request. */
export interface ClientCapabilities {
  readonly sampling: boolean;
  readonly elicitation: boolean;
  readonly roots: boolean;
}

/** One client's connection to one server. */
export interface Session {
  readonly id: string;
  capabilities: ClientCapabilities;
  /** resources/subscribe'd URIs */
  readonly subscriptions: Set<string>;
  /** logging/setLevel, while nobody set another after it. */
  loggingLevel: string | undefined;
  /** Messages that belong to no call: list_changed, resource updates, logging. */
  deliver(message: Buffer): void;
}

/** Where one call's messages go: its progress and related requests first, then exactly one of result or cancelled. */
export interface CallSink {
  /** False when the client cannot be reached: it went away, or takes no stream. */
  onMessage(message: Buffer): boolean;
  onResult(message: Buffer): void;
  /** The client cancelled the call: no result will come. */
  onCancelled(): void;
}

export function createSession(id: string, deliver: (message: Buffer) => void): Session {
  return {
    id,
    capabilities: { sampling: false, elicitation: false, roots: false },
    subscriptions: new Set(),
    loggingLevel: undefined,
    deliver,
  };
}
