export interface LoggedEvent {
  readonly stream: string;
  /** Counts up within its stream. */
  readonly number: number;
  readonly bytes: Buffer;
  /** It stands for one that had to go. */
  readonly isStandIn?: true;
  /** What stays in its place when there is no room for it, so that a call does not end in silence. */
  onLost?(): Buffer;
}

/** What all sessions together keep. */
export interface KeptBytes {
  usedBytes: number;
  readonly limitBytes: number;
}

export interface EventLogBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export interface EventLogOptions {
  bounds(): EventLogBounds;
  readonly kept: KeptBytes;
  /** The last event of a stream has gone. */
  onStreamEmpty(stream: string): void;
}

/** The events of one session that may have to be sent again, bounded in count and bytes: the oldest go. */
export class EventLog {
  private readonly options: EventLogOptions;
  /** Oldest first. */
  private readonly events = new Set<LoggedEvent>();
  private readonly countByStream = new Map<string, number>();
  private usedBytes = 0;

  constructor(options: EventLogOptions) {
    this.options = options;
  }

  add(event: LoggedEvent): void {
    this.insert(event);
    for (const oldest of this.events) {
      const isTooMany = this.events.size > this.options.bounds().maxEvents;
      if (!isTooMany && this.hasRoom()) return;
      this.remove(oldest);
      // Something in its place saves bytes, but no event.
      const rest = isTooMany ? undefined : oldest.onLost?.();
      if (rest !== undefined)
        this.insert({ stream: oldest.stream, number: oldest.number, bytes: rest, isStandIn: true });
      else this.tellIfEmpty(oldest.stream);
    }
  }

  /** The events of a stream behind this number, in order. */
  after(stream: string, number: number): readonly LoggedEvent[] {
    const found = [...this.events].filter((event) => event.stream === stream && event.number > number);
    return found.toSorted((one, other) => one.number - other.number);
  }

  dropStream(stream: string): void {
    if (!this.countByStream.has(stream)) return;
    for (const event of this.events) if (event.stream === stream) this.remove(event);
  }

  clear(): void {
    this.options.kept.usedBytes -= this.usedBytes;
    this.usedBytes = 0;
    this.events.clear();
    this.countByStream.clear();
  }

  private hasRoom(): boolean {
    const { kept } = this.options;
    return this.usedBytes <= this.options.bounds().maxBytes && kept.usedBytes <= kept.limitBytes;
  }

  private insert(event: LoggedEvent): void {
    this.events.add(event);
    this.countByStream.set(event.stream, (this.countByStream.get(event.stream) ?? 0) + 1);
    this.count(event.bytes.length);
  }

  private remove(event: LoggedEvent): void {
    this.events.delete(event);
    const left = (this.countByStream.get(event.stream) ?? 1) - 1;
    if (left === 0) this.countByStream.delete(event.stream);
    else this.countByStream.set(event.stream, left);
    this.count(-event.bytes.length);
  }

  private count(bytes: number): void {
    this.usedBytes += bytes;
    this.options.kept.usedBytes += bytes;
  }

  private tellIfEmpty(stream: string): void {
    if (!this.countByStream.has(stream)) this.options.onStreamEmpty(stream);
  }
}
