import type { Turns } from "./turns.ts";

/** Free places come from runs that end, too: looked for again and again only while somebody waits. */
const lookEveryMs = 500;

/** A server as far as room for others is concerned. */
export interface RoomUser {
  /** How many of its starts wait for a free place, with somebody waiting for them. */
  readonly wantedRooms: number;
  /** How long nobody has used its container; undefined when it has none to give away. */
  readonly unusedForMs: number | undefined;
  /** Its container is going, to make room. */
  readonly isMakingRoom: boolean;
  makeRoom(): void;
}

/**
 * While starts that somebody waits for find no free place, stops the containers that nobody has used for the longest.
 * Starts that nobody waits for (eager ones) wait: two servers that nobody uses must not stop each other in turn.
 */
export class RoomMaker {
  private readonly room: Turns;
  private readonly users: () => readonly RoomUser[];
  private timer: NodeJS.Timeout | undefined;

  constructor(room: Turns, users: () => readonly RoomUser[]) {
    this.room = room;
    this.users = users;
  }

  begin(): void {
    this.room.onWait(() => {
      this.timer ??= setInterval(() => this.look(), lookEveryMs).unref();
    });
  }

  private look(): void {
    if (this.room.waitingCount === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const users = this.users();
    const wanted = users.reduce((sum, { wantedRooms }) => sum + wantedRooms, 0);
    const missing = wanted - users.filter(({ isMakingRoom }) => isMakingRoom).length;
    const unused = users
      .filter(({ unusedForMs }) => unusedForMs !== undefined)
      .toSorted((one, other) => (other.unusedForMs ?? 0) - (one.unusedForMs ?? 0));
    for (const user of unused.slice(0, Math.max(0, missing))) user.makeRoom();
  }
}
