import { inspectRow, lastLines, stderrRows } from "../evidence-rows.ts";
import type { ExitFacts } from "../exit-facts.ts";
import { asSentence } from "../sentence.ts";
import type { EvidenceRow, Verdict } from "../verdict.ts";

/** The connection to a remote server broke, or could not be made; what became of the server itself nobody here knows. */
export function remoteLost(facts: ExitFacts): Verdict | undefined {
  const { isolation, stateError } = facts.evidence;
  if (isolation !== "remote" || stateError === undefined) return undefined;
  return {
    kind: "lost",
    confidence: "certain",
    summary: asSentence(stateError),
    remedy: "MCPProxy tries again by itself. Check the url, the network, and that the server runs.",
    evidence: rows(facts),
  };
}

/** It was there, and gave no valid answer to initialize. */
export function remoteRefused(facts: ExitFacts): Verdict | undefined {
  const { isolation, failure } = facts.evidence;
  if (isolation !== "remote" || failure?.stage !== "handshake") return undefined;
  return {
    kind: "handshake_failed",
    confidence: "certain",
    summary: `No session with the remote server: ${asSentence(failure.message)}`,
    remedy: "Check its url, type and headers in the config: it has to be an MCP server that speaks Streamable HTTP.",
    evidence: [{ source: "handshake", text: failure.message }, ...rows(facts)],
  };
}

function rows(facts: ExitFacts): readonly EvidenceRow[] {
  return [...inspectRow(facts), ...stderrRows(lastLines(facts.evidence, 3))];
}
