import type { BrowserClient } from "../trpc/browser-client.ts";
import type { LiveSignal } from "./live-state.ts";

type ChangesObserver = NonNullable<Parameters<BrowserClient["changes"]["subscribe"]>[1]>;
type TrackedChange = Parameters<NonNullable<ChangesObserver["onData"]>>[0];
export type Change = TrackedChange["data"];

export interface LiveFeedListener {
  onChange(change: Change): void;
  onSignal(signal: LiveSignal): void;
  /** Called on each failed attempt, so that an ended session is noticed: an event stream does not tell its status. */
  onFailedAttempt(): void;
}

const firstRetryMs = 500;
const longestRetryMs = 2_000;

/** Keeps the one subscription to the proxy's changes open until the returned function is called. */
export function startLiveFeed(client: BrowserClient, listener: LiveFeedListener): () => void {
  let retryMs = firstRetryMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let subscription: { unsubscribe: () => void } | undefined;
  const lost = (): void => listener.onSignal({ kind: "lost", atMs: Date.now() });
  const open = (): void => {
    subscription = client.changes.subscribe(undefined, {
      onData: ({ data }) => {
        retryMs = firstRetryMs;
        listener.onSignal({ kind: "message" });
        listener.onChange(data);
      },
      onConnectionStateChange: (state) => {
        if (state.state === "connecting" && state.error !== null) lost();
      },
      onError: () => {
        lost();
        listener.onFailedAttempt();
        timer = setTimeout(open, retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      },
      onComplete: () => {
        lost();
        timer = setTimeout(open, retryMs);
      },
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    subscription?.unsubscribe();
  };
}
