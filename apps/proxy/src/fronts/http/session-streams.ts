import { EventLog, type EventLogBounds, type KeptBytes } from "./event-log.ts";
import type { EventStream } from "./event-stream.ts";
import { ResumableStream } from "./resumable-stream.ts";

/** A stream that nobody came back to for this long is forgotten. */
const keptMs = 5 * 60 * 1_000;
/** What waits for the client's next GET stream, in place of a stream's id. */
const unsent = "unsent";
const listenPrefix = "g";
const answerPrefix = "p";

export interface SessionStreamsOptions {
  bounds(): EventLogBounds;
  readonly kept: KeptBytes;
  /** A client that came back was told that a result of its is gone. */
  onLossTold(): void;
}

/** Where a client wants to go on: the stream, and the last event that it has. */
export interface ResumePoint {
  readonly streamId: string;
  readonly isListening: boolean;
  readonly number: number;
}

/** The streams of one session: those that it opened with GET, and those that answer its POSTs. */
export class SessionStreams {
  /** The client knows events without data (2025-11-25 and newer). */
  isPrimed = false;
  private readonly options: SessionStreamsOptions;
  private readonly log: EventLog;
  private readonly byId = new Map<string, ResumableStream>();
  /** Those opened with GET, the last connected last. */
  private readonly listening = new Set<ResumableStream>();
  private lastId = 0;
  private lastUnsent = 0;

  constructor(options: SessionStreamsOptions) {
    this.options = options;
    this.log = new EventLog({ ...options, onStreamEmpty: (id) => this.forgetIfOver(id) });
  }

  /** How many GET streams are connected. */
  get listeningCount(): number {
    return [...this.listening].filter(({ isConnected }) => isConnected).length;
  }

  /** Sends a message that belongs to no call: on one stream only, or when there is none, on the next. */
  deliver(message: Buffer): void {
    const stream = [...this.listening].findLast(({ isConnected }) => isConnected);
    if (stream !== undefined) {
      stream.send(message);
      return;
    }
    this.lastUnsent += 1;
    // A copy: the message may be a small part of a large chunk of the server's output.
    this.log.add({ stream: unsent, number: this.lastUnsent, bytes: Buffer.from(message) });
  }

  /** The client opens a stream with GET. */
  listen(connection: EventStream): void {
    this.connectListening(this.create(listenPrefix), { connection, number: 0 });
  }

  /** A POST is answered with a stream. */
  answer(connection: EventStream): ResumableStream {
    const stream = this.create(answerPrefix);
    stream.attach(connection);
    if (this.isPrimed) stream.prime();
    return stream;
  }

  /** Whether there is something to go on with; a GET stream always goes on, if only with what is new. */
  canResume({ streamId, isListening, number }: ResumePoint): boolean {
    return isListening || this.byId.get(streamId)?.continuesBehind(number) === true;
  }

  /** Goes on with a stream over a new connection, behind the last event that the client has. */
  resume({ streamId, isListening, number }: ResumePoint, connection: EventStream): void {
    const stream = this.byId.get(streamId);
    if (stream === undefined) this.listen(connection);
    else if (isListening) this.connectListening(stream, { connection, number });
    else stream.attach(connection, number);
  }

  forgetOld(nowMs: number): void {
    for (const stream of this.byId.values()) {
      const { aloneSinceMs = nowMs, hasEnded, id } = stream;
      const isWaitingForResult = id.startsWith(answerPrefix) && !hasEnded;
      if (!isWaitingForResult && nowMs - aloneSinceMs > keptMs) {
        this.byId.delete(id);
        this.log.dropStream(id);
      }
    }
  }

  close(): void {
    for (const stream of this.byId.values()) stream.end();
    this.byId.clear();
    this.listening.clear();
    this.log.clear();
  }

  private connectListening(
    stream: ResumableStream,
    { connection, number }: { readonly connection: EventStream; readonly number: number },
  ): void {
    this.listening.delete(stream);
    this.listening.add(stream);
    connection.onClose(() => {
      if (!stream.isConnected) this.listening.delete(stream);
    });
    const isNew = stream.aloneSinceMs === undefined && !stream.isConnected;
    stream.attach(connection, number);
    if (isNew && this.isPrimed) stream.prime();
    const waiting = this.log.after(unsent, 0);
    this.log.dropStream(unsent);
    for (const { bytes } of waiting) stream.send(bytes);
  }

  private create(prefix: typeof listenPrefix | typeof answerPrefix): ResumableStream {
    this.lastId += 1;
    const { log, options } = this;
    const stream = new ResumableStream(`${prefix}${this.lastId}`, { log, onLossTold: () => options.onLossTold() });
    this.byId.set(stream.id, stream);
    return stream;
  }

  private forgetIfOver(id: string): void {
    const stream = this.byId.get(id);
    if (stream?.hasEnded === true && !stream.isConnected) this.byId.delete(id);
  }
}

/** Reads a Last-Event-ID; undefined when it is none of ours. */
export function readEventId(text: string): ResumePoint | undefined {
  const [, streamId, prefix, number] = /^((g|p)\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  if (streamId === undefined || number === undefined) return undefined;
  return { streamId, isListening: prefix === listenPrefix, number: Number(number) };
}
