import { nodeServer, stubborn } from "../testing/proof-servers.ts";
import type { ExpectedVerdict, VerdictProof } from "../verdict-proof.ts";

type AwayProof = Pick<VerdictProof, "name" | "command" | "isolation"> & { readonly expected: ExpectedVerdict };

const plain = ["node", "-e", nodeServer("")] as const;

/** Ends while MCPProxy or Docker was away; the test itself makes them go. */
export const awayProofs = {
  shutdown: {
    name: "shutdown",
    command: plain,
    expected: { kind: "stopped_by_policy", confidence: "certain", summary: "MCPProxy shut down.", exitCode: 0 },
  },
  recovered: {
    name: "still-running",
    command: ["node", "-e", nodeServer("", stubborn)],
    isolation: { stop_timeout: "1s" },
    expected: {
      kind: "stopped_by_policy",
      summary: "MCPProxy had ended; stopped at its next start.",
      exitCode: 137,
    },
  },
  recoveredAfterEof: {
    name: "ended-with-its-input",
    command: plain,
    expected: {
      kind: "stopped_by_policy",
      summary: "MCPProxy had ended; stopped at its next start.",
      exitCode: 0,
    },
  },
  lost: {
    name: "gone",
    command: plain,
    expected: {
      kind: "lost",
      confidence: "unknown",
      summary: /^Outcome unknown: MCPProxy had ended before it did, some time \d\d:\d\d–\d\d:\d\d UTC\.$/,
      exitCode: null,
    },
  },
  engineUnavailable: {
    name: "without-engine",
    command: plain,
    expected: { kind: "engine_unavailable", confidence: "certain", summary: /Docker/, exitCode: null },
  },
} as const satisfies Record<string, AwayProof>;
