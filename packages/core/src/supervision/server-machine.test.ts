import { describe, expect, test } from "vitest";
import { serverStates, type ServerState } from "../run/server-record.ts";
import { nextServerState, restingStates, runningStates, serverEvents, serverTransitions } from "./server-machine.ts";

/** The whole table: state, then event → next state. What is not here must not be possible. */
const ends = "ended→stopped failed→backing_off failed-repeatedly→crash_looping given-up→parked stop-decided→stopping";
const started = `${ends} cut-off→engine_unavailable`;
const rests = "start-decided→pulling engine-lost→engine_unavailable config-refused→refused config-accepted→stopped";
const table: Readonly<Record<ServerState, string>> = {
  stopped: rests,
  queued: `${ends} turn-came→creating`,
  pulling: `${ends} turn-awaited→queued turn-came→creating`,
  creating: `${ends} created→starting`,
  starting: `${started} started→initializing`,
  initializing: `${started} initialized→ready`,
  ready: started,
  idle: `${rests} wait-ended→stopped`,
  stopping: `${ends} ended-idle→idle`,
  backing_off: `${rests} wait-ended→stopped`,
  crash_looping: `${rests} wait-ended→stopped`,
  parked: `${rests} wait-ended→stopped`,
  refused: "config-accepted→stopped config-refused→refused",
  engine_unavailable: `${ends} ${rests} wait-ended→stopped engine-found→stopped`,
};

describe("the states of a server", () => {
  test.each(serverStates)("%s changes only as the table says", (state) => {
    const actual = serverEvents.flatMap((event) => {
      const next = nextServerState(state, event);
      return next === undefined ? [] : [`${event}→${next}`];
    });
    expect(actual.toSorted()).toEqual(table[state].split(" ").toSorted());
  });

  test("every state is reached from stopped", () => {
    const reached = new Set<ServerState>(["stopped"]);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const next of [...reached].flatMap((state) => Object.values(serverTransitions[state]))) reached.add(next);
    }
    expect(reached).toEqual(new Set(serverStates));
  });

  test("every state but refused has a run or can be started, and none both", () => {
    expect([...runningStates, ...restingStates, "refused"].toSorted()).toEqual([...serverStates].toSorted());
    for (const state of serverStates)
      expect(nextServerState(state, "start-decided") !== undefined).toBe(
        restingStates.some((resting) => resting === state),
      );
  });

  test("ready comes only from an answer to initialize", () => {
    const events = serverStates.flatMap((state) =>
      serverEvents.filter((event) => nextServerState(state, event) === "ready"),
    );
    expect(events).toEqual(["initialized"]);
  });
});
