/** What a connection to a remote server tells the run. */
export interface RemoteEvents {
  /** A JSON-RPC message on one line. */
  onMessage(message: Buffer): void;
  /** For the log of the server. */
  onNote(text: string): void;
  /** The server cannot be reached any more. */
  onLost(reason: string): void;
}

/** One transport to a remote server. */
export interface RemoteConnection {
  /** Sends one JSON-RPC message; what becomes of it comes as messages. `onTaken` tells that it no longer waits here. */
  send(message: Buffer, onTaken: () => void): void;
  /** Ends its session. Never rejects. */
  close(): Promise<void>;
}
