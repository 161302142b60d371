import { formatDuration } from "../../format/duration.ts";
import { assertNever } from "../../assert-never.ts";
import { eventRows, inspectRow, intentRows, stepRows } from "../evidence-rows.ts";
import type { PolicyReason } from "../exit-evidence.ts";
import type { ExitFacts } from "../exit-facts.ts";
import { asSentence } from "../sentence.ts";
import { sigkill } from "../signals.ts";
import type { EvidenceRow, Verdict } from "../verdict.ts";

/** We stopped it, and it took a SIGKILL because SIGTERM did nothing. */
export function stopTimeout(facts: ExitFacts): Verdict | undefined {
  const steps = facts.evidence.stopSteps.map(({ step }) => step);
  const isEscalated = steps.includes("sigterm") && steps.indexOf("sigterm") < steps.indexOf("sigkill");
  const isOurs = facts.intent !== undefined || facts.evidence.failure === undefined;
  if (!isEscalated || !isOurs || facts.signal !== sigkill) return undefined;
  return {
    kind: "stop_timeout",
    confidence: "certain",
    summary: `Ignored SIGTERM for ${formatDuration(facts.evidence.stopTimeoutMs)}, then killed.`,
    remedy: "If the server needs longer to end cleanly, raise stop_timeout in its isolation.",
    evidence: stopRows(facts),
  };
}

export function stoppedByUser({ intent, ...facts }: ExitFacts): Verdict | undefined {
  if (intent?.reason.kind !== "user") return undefined;
  const note = intent.reason.note?.trim();
  const summary =
    note === undefined || note === ""
      ? `Stopped by ${intent.actor}.`
      : `Stopped by ${intent.actor}: ${asSentence(note)}`;
  return { kind: "stopped_by_user", confidence: "certain", summary, evidence: stopRows({ intent, ...facts }) };
}

/** The client left, and with it the server that it had for itself. */
export function sessionClosed(facts: ExitFacts): Verdict | undefined {
  const { evidence, intent } = facts;
  const isPolicy = intent?.reason.kind === "policy" && intent.reason.policy === "session_closed";
  const isStdinClosed =
    intent === undefined && evidence.failure === undefined && evidence.stopSteps[0]?.step === "stdin-closed";
  if (!isPolicy && !(isStdinClosed && evidence.isSessionScoped)) return undefined;
  return {
    kind: "session_closed",
    confidence: "certain",
    summary: "The client closed its session, and the server ended with it.",
    evidence: stopRows(facts),
  };
}

export function stoppedByPolicy(facts: ExitFacts): Verdict | undefined {
  if (facts.intent?.reason.kind !== "policy") return undefined;
  const { policy, detail } = facts.intent.reason;
  return {
    kind: "stopped_by_policy",
    confidence: "certain",
    summary: policySummary(policy, detail?.trim() ?? ""),
    evidence: stopRows(facts),
  };
}

function policySummary(policy: PolicyReason, detail: string): string {
  const words = policyWords(policy);
  // The words for a recovery say it all; its detail stands in the evidence.
  if (detail === "" || policy === "recovered") return `${words}.`;
  if (policy === "unhealthy") return asSentence(detail);
  if (policy === "idle") return asSentence(`${words} ${detail.startsWith("for ") ? detail : `for ${detail}`}`);
  if (policy === "limit_changed" && detail.startsWith("from ")) return asSentence(`${words} ${detail}`);
  return `${words}: ${asSentence(detail)}`;
}

function policyWords(policy: PolicyReason): string {
  switch (policy) {
    case "shutdown":
      return "MCPProxy shut down";
    case "config_changed":
      return "Configuration changed";
    case "limit_changed":
      return "Limit changed";
    case "idle":
      return "Idle";
    case "session_closed":
      return "The client closed its session";
    case "recovered":
      return "MCPProxy had ended; stopped at its next start";
    case "interrupted":
      return "MCPProxy ended before the server had started";
    case "cut_off":
      return "Cut off from its clients";
    case "unhealthy":
      return "Did not answer its health checks";
    case "made_room":
      return "Made room for another server";
    default:
      return assertNever(policy);
  }
}

/** An OOM or a kill beside our own stop stays visible, even though it is not the verdict. */
function stopRows(facts: ExitFacts): readonly EvidenceRow[] {
  const hasEnded = facts.exitCode !== undefined;
  return [
    ...intentRows(facts),
    ...stepRows(facts),
    ...eventRows(facts, ["oom", "kill", "die"]),
    ...(hasEnded ? inspectRow(facts) : []),
  ];
}
