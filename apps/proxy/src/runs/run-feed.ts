import type { RunEvent, RunRecord } from "@mcpproxy/core/run/run-record";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";

export type FeedChange =
  | { readonly kind: "server"; readonly server: ServerRecord }
  | { readonly kind: "server-removed"; readonly name: string }
  | { readonly kind: "run"; readonly run: RunRecord }
  | { readonly kind: "run-event"; readonly event: RunEvent }
  | { readonly kind: "status" };

/** Changes as they happen. Listeners must return at once and not throw. */
export class RunFeed {
  private readonly listeners = new Set<(change: FeedChange) => void>();

  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: FeedChange) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  publish(change: FeedChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
