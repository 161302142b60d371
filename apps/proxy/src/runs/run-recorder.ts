import type { ConfigSnapshot } from "@mcpproxy/core/run/config-snapshot";
import type { RunEventKind, RunRecord, RunSample } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import { CallTally, type EndedCall } from "../bridge/call-tally.ts";
import type { MainLog } from "../logs/main-log.ts";
import type { RunOwner, RunRepository } from "../store/store.ts";
import type { Clock } from "./clock.ts";
import type { RunFeed } from "./run-feed.ts";

export interface RunRecorderOptions {
  readonly run: RunRecord;
  /** What it is started from. */
  readonly snapshot: ConfigSnapshot;
  readonly owner: RunOwner;
  readonly runs: RunRepository;
  readonly feed: RunFeed;
  readonly clock: Clock;
  readonly log: MainLog;
}

/** A server that repeats itself (refused requests, children killed for memory) must not fill the disk. */
const maxEventsOfKind = 100;
/** How often counts of calls are written while calls come. */
const callsWrittenAfterMs = 1_000;
const hourMs = 3_600_000;

/**
 * The written side of one run: keeps the record of now, writes it to the history in order and tells the feed.
 * Writes do not hold up the run; `settled` waits where the order matters (an intent before its signal, the verdict before the container goes).
 */
export class RunRecorder {
  readonly intents: StopIntent[] = [];
  private readonly beganMs: number;
  private readonly options: RunRecorderOptions;
  private current: RunRecord;
  private writes: Promise<void>;
  private readonly eventCounts = new Map<RunEventKind, number>();
  private readonly calls = new CallTally();
  /** The hour that `calls` belongs to, since 1970. */
  private callsHour = 0;
  private callsTimer: NodeJS.Timeout | undefined;

  constructor(options: RunRecorderOptions) {
    this.options = options;
    this.current = options.run;
    this.beganMs = options.clock.now();
    this.writes = this.guarded(() => options.runs.create(options.run, options.owner));
    // After the run: pruning removes snapshots that no run needs.
    this.enqueue(() => options.runs.addSnapshot(options.snapshot));
    options.feed.publish({ kind: "run", run: options.run });
  }

  get record(): RunRecord {
    return this.current;
  }

  update(changes: Partial<Omit<RunRecord, "id" | "server">>): void {
    if (changes.state === "ended") this.writeCalls();
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

  /** Counts a client's call; its hour's counts are written within a second, and with the run's end. */
  callEnded(call: EndedCall): void {
    if (this.calls.isEmpty) this.callsHour = Math.max(this.callsHour, this.hourNow());
    this.calls.note(call);
    this.callsTimer ??= setTimeout(() => this.writeCalls(), callsWrittenAfterMs).unref();
  }

  private writeCalls(): void {
    clearTimeout(this.callsTimer);
    this.callsTimer = undefined;
    if (this.calls.isEmpty) return;
    const { id: runId, server } = this.current;
    const rows = this.calls.read().map((counts) => ({ ...counts, runId, server, hour: this.callsHour }));
    this.enqueue(() => this.options.runs.putToolCalls(rows));
    const hour = this.hourNow();
    if (hour <= this.callsHour) return;
    // Never back: a clock that jumps must not write over the counts of an hour that is done.
    this.callsHour = hour;
    this.calls.clear();
  }

  private hourNow(): number {
    return Math.floor(Date.parse(this.options.clock.timestamp()) / hourMs);
  }

  /** Resolves when the intent is on disk: only then may a signal be sent. */
  async intend(intent: StopIntent): Promise<void> {
    this.intents.push(intent);
    this.enqueue(() => this.options.runs.recordIntent(this.current.id, intent));
    await this.settled();
  }

  /** How long the run took until this end, at most until now: a wall clock may have jumped meanwhile. */
  durationMsUntil(endedAt: string): number {
    const elapsedMs = Math.round(this.options.clock.now() - this.beganMs);
    const wallMs = Date.parse(endedAt) - Date.parse(this.current.startedAt);
    return wallMs < 0 ? elapsedMs : Math.min(wallMs, elapsedMs);
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
