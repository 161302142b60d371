import { eventRows, inspectRow, stderrRows } from "../evidence-rows.ts";
import type { ExitFacts } from "../exit-facts.ts";
import type { Verdict } from "../verdict.ts";

type Problem = "unreachable" | "untrusted" | "not_found" | "denied";

interface PackagePattern {
  readonly tool: "npm" | "uv" | "pip";
  readonly problem: Problem;
  readonly pattern: RegExp;
}

/** In the order in which they decide: the cause before the general word for it. */
const patterns: readonly PackagePattern[] = [
  { tool: "npm", problem: "untrusted", pattern: /npm (?:ERR!|error).*(?:SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF)|CERT_\w+|certificate)/i },
  { tool: "npm", problem: "not_found", pattern: /npm (?:ERR!|error).*\b(?:E404|ETARGET|404 Not Found|No matching version)/i },
  { tool: "npm", problem: "denied", pattern: /npm (?:ERR!|error).*\b(?:E401|E403|ENEEDAUTH)\b/i },
  { tool: "npm", problem: "unreachable", pattern: /npm (?:ERR!|error).*(?:\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b|\bnetwork\b)/i },
  { tool: "uv", problem: "untrusted", pattern: /(?:invalid peer certificate|UnknownIssuer)/i },
  { tool: "uv", problem: "not_found", pattern: /No solution found when resolving|was not found in the package registry/i },
  { tool: "uv", problem: "unreachable", pattern: /(?:Failed to fetch|error sending request for url|Request failed after \d+ retries)/i },
  { tool: "pip", problem: "untrusted", pattern: /CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError/i },
  { tool: "pip", problem: "unreachable", pattern: /Failed to establish a new connection|NewConnectionError|Temporary failure in name resolution|ConnectTimeoutError/i },
  { tool: "pip", problem: "not_found", pattern: /No matching distribution found|Could not find a version that satisfies/i },
];

/** A package manager could not get the server's packages, so the server itself never ran. */
export function packageFailed(facts: ExitFacts): Verdict | undefined {
  const { evidence } = facts;
  const { failure } = evidence;
  if (facts.wasReady || facts.exitCode === 0 || (failure !== undefined && failure.stage !== "handshake")) return undefined;
  const found = patterns
    .map((candidate) => ({ ...candidate, line: evidence.stderrTail.find((line) => candidate.pattern.test(line)) }))
    .find(({ line }) => line !== undefined);
  if (found?.line === undefined) return undefined;
  return {
    kind: "package_failed",
    confidence: "likely",
    ...words(facts, found),
    evidence: [...stderrRows([found.line]), ...eventRows(facts, ["die"]), ...inspectRow(facts)],
  };
}

function words({ evidence }: ExitFacts, { tool, problem }: PackagePattern): { readonly summary: string; readonly remedy: string } {
  switch (problem) {
    case "unreachable":
      return evidence.network === "none"
        ? { summary: `${tool} could not reach the registry; network_mode is none.`, remedy: 'Set "network_mode": "bridge" for this server, or use an image that holds the package.' }
        : { summary: `${tool} could not reach the registry.`, remedy: "Check the network, DNS and proxy settings of the containers." };
    case "untrusted":
      return {
        summary: `${tool} does not trust the certificate of the registry.`,
        remedy: 'Set "ca_certificates" to the PEM bundle of your network, or to "auto" for the one this machine trusts.',
      };
    case "not_found":
      return { summary: `${tool} did not find the package, or not in that version.`, remedy: 'Check the package name and version in "args".' };
    case "denied":
      return { summary: `${tool} was denied access to the package.`, remedy: "Check the package name, and give the server the registry's token in env." };
  }
}
