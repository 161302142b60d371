import type { RunIsolation } from "../../run/run-record.ts";
import { assertNever } from "../../assert-never.ts";
import { eventRows, inspectRow, stderrRows } from "../evidence-rows.ts";
import type { ExitFacts } from "../exit-facts.ts";
import { findPackageFailure, type PackageFailure } from "../package-failure.ts";
import type { Verdict } from "../verdict.ts";

/** A package manager could not get the server's packages, so the server itself never ran. */
export function packageFailed(facts: ExitFacts): Verdict | undefined {
  const { evidence } = facts;
  const { failure } = evidence;
  if (facts.wasReady || facts.exitCode === 0 || (failure !== undefined && failure.stage !== "handshake"))
    return undefined;
  const found = findPackageFailure(evidence.stderrTail);
  if (found === undefined) return undefined;
  return {
    kind: "package_failed",
    confidence: "likely",
    ...words(facts, found),
    evidence: [...stderrRows([found.line]), ...eventRows(facts, ["die"]), ...inspectRow(facts)],
  };
}

function words({ evidence }: ExitFacts, found: PackageFailure): { readonly summary: string; readonly remedy: string } {
  const { tool, problem } = found;
  const code = found.code === undefined ? "" : ` (${found.code})`;
  switch (problem) {
    case "network":
      return evidence.network === "none"
        ? {
            summary: `${tool} could not reach the registry; network_mode is none.`,
            remedy: 'Set "network_mode": "bridge" for this server, or use an image that holds the package.',
          }
        : { summary: `${tool} could not reach the registry${code}.`, remedy: networkRemedy(evidence.isolation) };
    case "certificate":
      return {
        summary: `${tool} does not trust the certificate of the registry${code}.`,
        remedy:
          'Set "ca_certificates" to the PEM bundle of your network, or to "auto" for the one this machine trusts.',
      };
    case "not_found":
      return {
        summary: `${tool} did not find the package${found.package === undefined ? "" : ` ${found.package}`}${code}.`,
        remedy: 'Check the package name and version in "args".',
      };
    case "denied":
      return {
        summary: `${tool} was denied access to the package${code}.`,
        remedy: "Check the package name, and give the server the registry's token in env.",
      };
    case "conflict":
      return {
        summary: `${tool} could not resolve the package and what it depends on${code}.`,
        remedy: 'Choose another version of the package in "args".',
      };
    default:
      return assertNever(problem);
  }
}

function networkRemedy(isolation: RunIsolation): string {
  return isolation === "docker"
    ? "Check the network, DNS and proxy settings of the containers."
    : "Check the network, DNS and proxy settings of this machine.";
}
