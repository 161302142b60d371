import type { ServerResponse } from "node:http";
import { Backlog } from "./backlog.ts";

/** Of all clients together: a bound that no number of sessions gets around. */
const maxTogetherBytes = 512 * 1024 * 1024;

/** The way out to one client: tells when it does not read, so that what waits for it stays bounded. */
export interface Outlet {
  /** What waits before a message counts, not its own size: one message may be larger than the bound. */
  hasRoom(response: ServerResponse): boolean;
  wrote(response: ServerResponse): void;
}

/** Makes the outlets of all clients, which share one bound on top of their own. */
export class Outlets {
  private readonly all = new Backlog();
  private readonly limitBytes: () => number;
  private readonly togetherBytes: number;

  /** `limitBytes` is what may wait for one client, `togetherBytes` for all of them. */
  constructor(limitBytes: () => number, togetherBytes = maxTogetherBytes) {
    this.limitBytes = limitBytes;
    this.togetherBytes = togetherBytes;
  }

  /** What waits for all clients. */
  get unsentBytes(): number {
    return this.all.unsentBytes;
  }

  /** For the responses of one session together. */
  ofSession(): Outlet {
    const own = new Backlog();
    return {
      hasRoom: () => own.unsentBytes <= this.limitBytes(),
      wrote: (response) => {
        own.watch(response);
        this.wrote(response);
      },
    };
  }

  /** For clients without sessions, each response for itself. */
  readonly ofResponses: Outlet = {
    hasRoom: (response) => response.writableLength <= this.limitBytes(),
    wrote: (response) => this.wrote(response),
  };

  private wrote(response: ServerResponse): void {
    this.all.watch(response);
    this.all.shrinkTo(this.togetherBytes);
  }
}
