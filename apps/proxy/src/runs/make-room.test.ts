import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RoomMaker, type RoomUser } from "./make-room.ts";
import { Turns } from "./turns.ts";

interface FakeUser extends RoomUser {
  wantedRooms: number;
  unusedForMs: number | undefined;
  isMakingRoom: boolean;
}

function user(changes: Partial<FakeUser>): FakeUser {
  return {
    wantedRooms: 0,
    unusedForMs: undefined,
    isMakingRoom: false,
    makeRoom() {
      this.isMakingRoom = true;
      this.unusedForMs = undefined;
    },
    ...changes,
  };
}

/** One place that is taken, and a start that waits for it. */
async function setUp(users: readonly FakeUser[]) {
  const room = new Turns(1);
  const release = await room.take({ signal: new AbortController().signal, onWait: () => undefined });
  new RoomMaker(room, () => users).begin();
  const taken = room.take({ signal: new AbortController().signal, onWait: () => undefined });
  return { release, taken };
}

const pass = (durationMs: number) => vi.advanceTimersByTimeAsync(durationMs);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the server that was unused for the longest makes room, and only as many as are waited for", async () => {
  const waiting = user({ wantedRooms: 1 });
  const users = [user({ unusedForMs: 10 }), user({ unusedForMs: 30 }), user({ unusedForMs: 20 }), user({}), waiting];
  await setUp(users);
  await pass(5_000);
  expect(users.map(({ isMakingRoom }) => isMakingRoom)).toEqual([false, true, false, false, false]);
});

test("a start that nobody waits for takes no room from anybody", async () => {
  const unused = user({ unusedForMs: 10 });
  await setUp([unused, user({})]);
  await pass(5_000);
  expect(unused.isMakingRoom).toBe(false);
});

test("a server that is unused only later makes room then", async () => {
  const busy = user({});
  await setUp([busy, user({ wantedRooms: 1 })]);
  await pass(5_000);
  busy.unusedForMs = 1;
  await pass(1_000);
  expect(busy.isMakingRoom).toBe(true);
});

test("nothing is looked for once nobody waits", async () => {
  const unused = user({});
  const { release, taken } = await setUp([unused, user({ wantedRooms: 1 })]);
  release();
  await taken;
  await pass(1_000);
  expect(vi.getTimerCount()).toBe(0);
});
