import { eventFrame, primingFrame } from "./event-frame.ts";
import type { EventLog } from "./event-log.ts";
import type { EventStream } from "./event-stream.ts";

/** A stream of messages that outlives its connections: each event has an id, and a client that comes back goes on behind it. */
export class ResumableStream {
  readonly id: string;
  hasEnded = false;
  /** Monotonic; since when nobody is connected. */
  aloneSinceMs: number | undefined;
  private readonly log: EventLog;
  private readonly onLossTold: () => void;
  private connection: EventStream | undefined;
  private lastNumber = 0;

  /** `onLossTold` is called when a client that came back is told that a message of its is gone. */
  constructor(id: string, { log, onLossTold }: { readonly log: EventLog; onLossTold(): void }) {
    this.id = id;
    this.log = log;
    this.onLossTold = onLossTold;
  }

  get isConnected(): boolean {
    return this.connection?.isOpen === true;
  }

  /** For the first connection of a client that knows what an event without data is. */
  prime(): void {
    this.connection?.write(primingFrame(this.eventId(0)));
  }

  /** Goes on over this connection, behind the event of this number. */
  attach(connection: EventStream, afterNumber = 0): void {
    const former = this.connection;
    this.connection = connection;
    this.aloneSinceMs = undefined;
    former?.end();
    connection.onClose(() => {
      if (this.connection !== connection) return;
      this.connection = undefined;
      this.aloneSinceMs = performance.now();
    });
    for (const event of this.log.after(this.id, afterNumber)) {
      connection.write(event.bytes);
      if (event.isStandIn === true) this.onLossTold();
    }
    if (this.hasEnded) connection.end();
  }

  /** Whether there is, or will be, anything behind this event. */
  continuesBehind(number: number): boolean {
    return !this.hasEnded || this.log.after(this.id, number).length > 0;
  }

  /** `replacement` makes what stays when the message cannot be kept for a client that is away. */
  send(message: Buffer, replacement?: () => Buffer): void {
    this.lastNumber += 1;
    const number = this.lastNumber;
    const bytes = eventFrame(message, this.eventId(number));
    this.connection?.write(bytes);
    const event = { stream: this.id, number, bytes };
    if (replacement === undefined) this.log.add(event);
    else this.log.add({ ...event, onLost: () => eventFrame(replacement(), this.eventId(number)) });
  }

  end(): void {
    this.hasEnded = true;
    if (this.connection === undefined) this.aloneSinceMs = performance.now();
    this.connection?.end();
  }

  private eventId(number: number): string {
    return `${this.id}-${number}`;
  }
}
