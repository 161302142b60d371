import type { FeedChange, RunFeed } from "../../runs/run-feed.ts";

/** A minute or two of a busy proxy; what is older is cheaper to fetch anew. */
const changesMax = 1_000;
const sizeMax = 2 * 1024 * 1024;

/** After `hello` a reader fetches everything once: it is new, or was away for too long. */
export type StreamedChange = FeedChange | { readonly kind: "hello" };

export interface NumberedChange {
  /** Says where a reader is, also across connections; not across restarts of the proxy. */
  readonly id: string;
  readonly change: StreamedChange;
}

interface Entry {
  readonly change: FeedChange;
  readonly size: number;
}

/** The last changes by number, so that a reader who lost its connection gets exactly what it missed. */
export class ChangeHistory {
  private readonly epoch: string;
  private readonly entries: Entry[] = [];
  /** Number of the newest change; the first entry has `newest - entries.length + 1`. */
  private newest = 0;
  private size = 0;
  private news = Promise.withResolvers<void>();

  /** The epoch tells this process's numbers from those of an earlier one. */
  constructor(feed: Pick<RunFeed, "subscribe">, epoch: string) {
    this.epoch = epoch;
    feed.subscribe((change) => this.add(change));
  }

  /**
   * Changes from the one after `lastEventId` on, or from now on after a `hello`; ends with the signal. A reader that does
   * not keep up gets another `hello` instead of what is no longer here: nothing piles up for it.
   */
  async *follow(lastEventId: string | undefined, signal: AbortSignal): AsyncGenerator<NumberedChange, void, undefined> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    let position = this.positionOf(lastEventId);
    while (!signal.aborted) {
      if (position === undefined || position < this.newest - this.entries.length) {
        position = this.newest;
        yield this.numbered(position, { kind: "hello" });
      } else if (position === this.newest) {
        await Promise.race([this.news.promise, aborted.promise]);
      } else {
        position += 1;
        const entry = this.entries[position - (this.newest - this.entries.length) - 1];
        if (entry !== undefined) yield this.numbered(position, entry.change);
      }
    }
  }

  private add(change: FeedChange): void {
    const size = sizeOf(change);
    this.entries.push({ change, size });
    this.newest += 1;
    this.size += size;
    while (this.entries.length > changesMax || this.size > sizeMax) this.size -= this.entries.shift()?.size ?? 0;
    this.news.resolve();
    this.news = Promise.withResolvers<void>();
  }

  private numbered(position: number, change: StreamedChange): NumberedChange {
    return { id: `${this.epoch}.${position}`, change };
  }

  /** Undefined when the id is not one of this process, or is from the future. */
  private positionOf(lastEventId: string | undefined): number | undefined {
    const [epoch, position] = lastEventId?.split(".", 2) ?? [];
    if (epoch !== this.epoch || position === undefined || !/^\d+$/.test(position)) return undefined;
    return Number(position) <= this.newest ? Number(position) : undefined;
  }
}

/** Roughly, in bytes: measuring for real would cost more than it saves. */
function sizeOf(change: FeedChange): number {
  switch (change.kind) {
    case "run":
      return 2_500 + change.run.stderrTail.reduce((sum, line) => sum + line.length, 0);
    case "server":
      return 2_500;
    case "run-event":
    case "server-removed":
    case "status":
      return 300;
    default:
      return change satisfies never;
  }
}
