import { readEnvironment } from "../../environment.ts";

/** How often each scenario runs: MCPPROXY_PROOF_REPEATS, once when it is not set. */
export const proofRepeats = Number(readEnvironment().variable("MCPPROXY_PROOF_REPEATS") ?? "1");
