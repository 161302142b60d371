import type { RunEventKind, RunRecord, RunSample } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { MainLog } from "../logs/main-log.ts";
import type { RunOwner, RunRepository } from "../store/store.ts";
import type { Clock } from "./clock.ts";
import type { RunFeed } from "./run-feed.ts";

export interface RunRecorderOptions {
  readonly run: RunRecord;
  readonly owner: RunOwner;
  readonly runs: RunRepository;
  readonly feed: RunFeed;
  readonly clock: Clock;
  readonly log: MainLog;
}

/** A server that repeats itself (refused requests, children killed for memory) must not fill the disk. */
const maxEventsOfKind = 100;

/**
 * The written side of one run: keeps the record of now, writes it to the history in order and tells the feed.
 * Writes do not hold up the run; `settled` waits where the order matters (an intent before its signal, the verdict before the container goes).
 */
export class RunRecorder {
  readonly intents: StopIntent[] = [];
  private readonly options: RunRecorderOptions;
  private current: RunRecord;
  private writes: Promise<void>;
  private readonly eventCounts = new Map<RunEventKind, number>();

  constructor(options: RunRecorderOptions) {
    this.options = options;
    this.current = options.run;
    this.writes = this.guarded(() => options.runs.create(options.run, options.owner));
    options.feed.publish({ kind: "run", run: options.run });
  }

  get record(): RunRecord {
    return this.current;
  }

  update(changes: Partial<Omit<RunRecord, "id" | "server">>): void {
    this.current = { ...this.current, ...changes };
    this.enqueue(() => this.options.runs.update(this.current.id, changes));
    this.options.feed.publish({ kind: "run", run: this.current });
  }

  event(kind: RunEventKind, message: string, extra: { at?: string; durationMs?: number } = {}): void {
    const count = (this.eventCounts.get(kind) ?? 0) + 1;
    this.eventCounts.set(kind, count);
    if (count > maxEventsOfKind) return;
    const event = {
      runId: this.current.id,
      at: extra.at ?? this.options.clock.timestamp(),
      kind,
      message: count === maxEventsOfKind ? `${message} (Further events of this kind are not recorded.)` : message,
      durationMs: extra.durationMs === undefined ? null : Math.round(extra.durationMs),
    };
    this.enqueue(async () => {
      this.options.feed.publish({ kind: "run-event", event: await this.options.runs.addEvent(event) });
    });
  }

  samples(samples: readonly RunSample[]): void {
    const rows = samples.map((sample) => ({ ...sample, runId: this.current.id }));
    this.enqueue(() => this.options.runs.addSamples(rows));
  }

  /** Resolves when the intent is on disk: only then may a signal be sent. */
  async intend(intent: StopIntent): Promise<void> {
    this.intents.push(intent);
    this.enqueue(() => this.options.runs.recordIntent(this.current.id, intent));
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.writes;
  }

  private enqueue(write: () => Promise<void>): void {
    this.writes = this.writes.then(() => this.guarded(write));
  }

  /** A history that cannot be written must be loud, but must not take a working server down. */
  private async guarded(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.options.log.error({ run: this.current.id, error: String(error) }, "could not write to the history");
    }
  }
}
