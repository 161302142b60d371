import { describe, expect, test } from "vitest";
import { serverStates } from "@mcpproxy/core/run/server-record";
import { nextServerState, serverTransitions } from "./server-machine.ts";

describe("the states of a server", () => {
  test("every state but stopped is reached from stopped", () => {
    const reached = new Set(["stopped"]);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      const known = serverStates.filter((state) => reached.has(state));
      for (const next of known.flatMap((state) => Object.values(serverTransitions[state]))) reached.add(next);
    }
    expect(reached).toEqual(new Set(serverStates));
  });

  test.each(["pulling", "creating", "starting", "initializing", "ready", "stopping"] as const)(
    "a run can end while %s",
    (state) => {
      expect(nextServerState(state, "ended")).toBe("stopped");
    },
  );

  test.each(["pulling", "creating", "starting", "initializing", "ready"] as const)(
    "a server can be stopped while %s",
    (state) => {
      expect(nextServerState(state, "stop-decided")).toBe("stopping");
    },
  );

  test("ready comes only from an answer to initialize", () => {
    const sources = serverStates.flatMap((state) =>
      Object.entries(serverTransitions[state])
        .filter(([, next]) => next === "ready")
        .map(([event]) => event),
    );
    expect(sources).toEqual(["initialized"]);
  });

  test("a refused server does not start", () => {
    expect(nextServerState("refused", "start-decided")).toBeUndefined();
  });
});
