import type { Bridge } from "./bridge.ts";

/** What clients see of a bridge: that of one server, or what stands in its place. */
export type ClientSide = Pick<
  Bridge,
  "era" | "callsInFlight" | "request" | "notification" | "response" | "abandon" | "addListener" | "removeListener"
>;
