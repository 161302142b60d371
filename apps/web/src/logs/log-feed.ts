import type { BrowserClient } from "../trpc/browser-client.ts";
import { LogBuffer, type LogSnapshot } from "./log-buffer.ts";

const tailLines = 500;
/** Ten times a second looks live, and leaves the rest of the time to whoever types. */
const leastPauseMs = 100;
const firstRetryMs = 500;
const longestRetryMs = 5_000;

export interface LogFeedState extends LogSnapshot {
  readonly connection: "connecting" | "open" | "lost";
  /** The first lines are here, or there are none. */
  readonly isLoaded: boolean;
}

/** What a page without a feed shows. */
export const noLogs: LogFeedState = { rows: [], total: 0, connection: "connecting", isLoaded: false };

/** The log of some servers as it grows. Tells its reader ten times a second at most, however many lines come. */
export class LogFeed {
  private readonly buffer: LogBuffer;
  private readonly listeners = new Set<() => void>();
  private state: LogFeedState = noLogs;
  private connection: LogFeedState["connection"] = "connecting";
  private isLoaded = false;
  private frame: number | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private toldMs = 0;

  constructor(servers: readonly string[]) {
    this.buffer = new LogBuffer(servers);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): LogFeedState => this.state;

  clear(): void {
    this.buffer.clear();
    this.changed();
  }

  /** Follows the logs until the returned function is called; a lost connection is opened again. */
  open(client: BrowserClient, servers: readonly string[]): () => void {
    let retryMs = firstRetryMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let subscription: { unsubscribe(): void } | undefined;
    const retry = (): void => {
      this.note("lost");
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    };
    const connect = (): void => {
      subscription = client.logs.follow.subscribe(
        { servers: [...servers], tail: tailLines },
        {
          onData: (batch) => {
            retryMs = firstRetryMs;
            this.buffer.add(batch);
            this.isLoaded = true;
            this.note("open");
          },
          onConnectionStateChange: ({ state, error }) => {
            if (state === "connecting" && error !== null) this.note("lost");
          },
          onError: retry,
          onComplete: retry,
        },
      );
    };
    connect();
    return () => {
      clearTimeout(timer);
      subscription?.unsubscribe();
      clearTimeout(this.pause);
      this.pause = undefined;
      if (this.frame !== undefined) cancelAnimationFrame(this.frame);
      this.frame = undefined;
    };
  }

  private note(connection: LogFeedState["connection"]): void {
    this.connection = connection;
    this.changed();
  }

  private changed(): void {
    if (this.frame !== undefined || this.pause !== undefined) return;
    const waitMs = this.toldMs + leastPauseMs - performance.now();
    if (waitMs <= 0) this.tellInNextFrame();
    else this.pause = setTimeout(() => this.tellInNextFrame(), waitMs);
  }

  private tellInNextFrame(): void {
    this.pause = undefined;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      this.toldMs = performance.now();
      this.state = { ...this.buffer.snapshot(), connection: this.connection, isLoaded: this.isLoaded };
      for (const listener of this.listeners) listener();
    });
  }
}
