import type { Connection } from "../../runs/connection.ts";
import type { LegacyCall } from "./legacy-call.ts";
import type { ParkedCalls } from "./parked-calls.ts";

/** A client of the modern era, or all of one endpoint: nothing of it is kept but the calls that wait for it. */
export interface ModernPeer {
  readonly connection: Connection;
  /** Who it is, as far as one client's `requestState` must not serve another. */
  readonly principal: string;
  readonly parked: ParkedCalls<LegacyCall>;
  /** Subscriptions that are open. */
  readonly listens: Set<{ end(): void }>;
}
