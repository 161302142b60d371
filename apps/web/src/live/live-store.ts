import { nextLiveState, type LiveSignal, type LiveState } from "./live-state.ts";

export interface LiveStore {
  readonly read: () => LiveState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly signal: (signal: LiveSignal) => void;
}

/** Keeps the state of the live feed where components can subscribe to it. */
export function createLiveStore(): LiveStore {
  let state: LiveState = { kind: "connecting" };
  const listeners = new Set<() => void>();
  return {
    read: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signal: (signal) => {
      const next = nextLiveState(state, signal);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
  };
}
