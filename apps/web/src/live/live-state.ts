/** How the live feed stands. "live" is said only after the first message of the present connection. */
export type LiveState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "reconnecting"; readonly sinceMs: number };

export type LiveSignal = { readonly kind: "message" } | { readonly kind: "lost"; readonly atMs: number };

/** The next state; "since" stays the moment of the first loss. */
export function nextLiveState(state: LiveState, signal: LiveSignal): LiveState {
  if (signal.kind === "message") return state.kind === "live" ? state : { kind: "live" };
  return state.kind === "reconnecting" ? state : { kind: "reconnecting", sinceMs: signal.atMs };
}
