import { readEnvironment } from "../../environment.ts";

/** How often each scenario runs: MCPPROXY_PROOF_REPEATS, once when it is not set. */
export const proofRepeats = Number(readEnvironment().variable("MCPPROXY_PROOF_REPEATS") ?? "1");

/** How long a daemon stays away once that is seen: MCPPROXY_PROOF_AWAY_SECONDS, no longer when it is not set. */
export const proofAwayMs = 1_000 * Number(readEnvironment().variable("MCPPROXY_PROOF_AWAY_SECONDS") ?? "0");
