import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { HttpFailure } from "./http-failure.ts";
import { readEvents, type StreamEvent } from "./read-events.ts";
import { isEventStream } from "./response-body.ts";

const firstDelayMs = 1_000;
const longestDelayMs = 30_000;
/** So often in a row it may not be reached before it counts as lost: a restart takes less. */
const maxUnreachable = 4;

export interface ServerStreamOptions {
  readonly maxEventBytes: number;
  /** A GET for the stream, after the event of this id. Rejects with HttpFailure. */
  request(lastEventId: string | undefined, signal: AbortSignal): Promise<IncomingMessage>;
  onEvent(event: StreamEvent): void;
  onNote(text: string): void;
  /** The server does not know the session any more. */
  onSessionGone(): void;
  onUnreachable(failure: HttpFailure): void;
  isUnsent(error: unknown): error is HttpFailure;
}

/** The stream on which a server of the legacy era says what belongs to no request: opened again where it broke off. */
export class ServerStream {
  private readonly options: ServerStreamOptions;
  private current: AbortController | undefined;

  constructor(options: ServerStreamOptions) {
    this.options = options;
  }

  start(): void {
    this.stop();
    const current = new AbortController();
    this.current = current;
    void this.follow(current.signal);
  }

  stop(): void {
    this.current?.abort();
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let lastEventId: string | undefined;
    let delayMs = firstDelayMs;
    let unreachable = 0;
    while (!signal.aborted) {
      const outcome = await this.readOnce(lastEventId, signal, {
        onEvent: (event) => {
          lastEventId = event.id;
          delayMs = firstDelayMs;
          this.options.onEvent(event);
        },
        onRetry: (retryMs) => {
          delayMs = Math.min(retryMs, longestDelayMs);
        },
      });
      if (signal.aborted || outcome.kind === "none") return;
      unreachable = outcome.kind === "unreachable" ? unreachable + 1 : 0;
      if (outcome.kind === "unreachable" && unreachable === maxUnreachable) {
        this.options.onUnreachable(outcome.failure);
        return;
      }
      await wait(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    }
  }

  private async readOnce(
    lastEventId: string | undefined,
    signal: AbortSignal,
    reading: { onEvent(event: StreamEvent): void; onRetry(delayMs: number): void },
  ): Promise<{ kind: "none" | "ended" } | { kind: "unreachable"; failure: HttpFailure }> {
    const { request, maxEventBytes, onNote, onSessionGone, isUnsent } = this.options;
    try {
      const response = await request(lastEventId, signal);
      if (response.statusCode === 200 && isEventStream(response)) {
        await readEvents(response, { maxEventBytes, ...reading });
        return { kind: "ended" };
      }
      response.destroy();
      if (response.statusCode === 404) onSessionGone();
      // 405 is how a server says that it has no such stream.
      const isRetried = response.statusCode === 429 || (response.statusCode ?? 0) >= 500;
      return { kind: isRetried && response.statusCode !== 501 ? "ended" : "none" };
    } catch (error) {
      if (signal.aborted) return { kind: "none" };
      if (isUnsent(error)) return { kind: "unreachable", failure: error };
      onNote(
        `The stream of messages from the server broke off: ${error instanceof Error ? error.message : String(error)}`,
      );
      return { kind: "ended" };
    }
  }
}
