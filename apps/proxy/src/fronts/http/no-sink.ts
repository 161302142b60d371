import type { CallSink } from "../../bridge/session.ts";

/** Notifications and responses have no answer of their own. */
export const noSink: CallSink = { onMessage: () => false, onResult: () => undefined, onCancelled: () => undefined };
