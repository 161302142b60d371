import { formatDuration } from "../format/duration.ts";
import type { ExitEvidence, PolicyReason, StopIntent } from "./exit-evidence.ts";
import { decisiveIntent, hasExit, hasStep, isSigkilled } from "./exit-facts.ts";
import type { Rule } from "./judgement.ts";

/** We asked, waited, and killed: the server's fault, whoever asked. */
export const judgeStopTimeout: Rule = (evidence) => {
  if (!hasStep(evidence, "sigkill") || isAbandonedHandshake(evidence)) return undefined;
  if (hasExit(evidence) && !isSigkilled(evidence)) return undefined;
  const waited = formatDuration(evidence.stopTimeoutMs);
  return {
    kind: "stop_timeout",
    confidence: "certain",
    summary: `Ignored SIGTERM for ${waited}, then killed.`,
    remedy: "Let the server exit when its stdin closes or on SIGTERM, or raise isolation.stop_timeout if it needs longer to clean up.",
  };
};

/** The only client of a session's own container left. */
export const judgeSessionClosed: Rule = (evidence) => {
  const reason = decisiveIntent(evidence)?.reason;
  const isIntended = reason?.kind === "policy" && reason.policy === "session_closed";
  const isClosed = reason === undefined && evidence.isSessionScoped && hasStep(evidence, "stdin-closed") && !isAbandonedHandshake(evidence);
  if (!isIntended && !isClosed) return undefined;
  return { kind: "session_closed", confidence: "certain", summary: "Session closed: its client left." };
};

/** A person asked. */
export const judgeStoppedByUser: Rule = (evidence) => {
  const intent = decisiveIntent(evidence);
  if (intent?.reason.kind !== "user") return undefined;
  const { note } = intent.reason;
  return { kind: "stopped_by_user", confidence: "certain", summary: sentence(`Stopped by ${intent.actor}`, note) };
};

/** A rule of ours asked. */
export const judgeStoppedByPolicy: Rule = (evidence) => {
  const intent = decisiveIntent(evidence);
  if (intent?.reason.kind !== "policy") return undefined;
  return { kind: "stopped_by_policy", confidence: "certain", summary: describePolicy(intent.reason) };
};

/** True when we ended the server because it gave no valid answer to initialize, and nobody had asked us to stop it before. */
function isAbandonedHandshake(evidence: ExitEvidence): boolean {
  const { failure } = evidence;
  return failure?.stage === "handshake" && failure.cause !== "exited" && decisiveIntent(evidence) === undefined;
}

const policyWords: Readonly<Record<PolicyReason, string>> = {
  shutdown: "MCPProxy shut down",
  config_changed: "Configuration changed",
  limit_changed: "Limit changed",
  idle: "Idle",
  session_closed: "Session closed",
  recovered: "MCPProxy had ended; stopped at its next start",
};

function describePolicy({ policy, detail }: Extract<StopIntent["reason"], { kind: "policy" }>): string {
  // The words for a recovery say it all; what the recovery noted stands in the evidence.
  if (policy === "recovered") return sentence(policyWords.recovered, undefined);
  if (policy === "idle" && detail !== undefined) return sentence(`Idle ${detail.startsWith("for ") ? detail : `for ${detail}`}`, undefined);
  return sentence(policyWords[policy], detail);
}

function sentence(start: string, detail: string | undefined): string {
  const text = detail === undefined || detail.trim() === "" ? start : `${start}: ${detail.trim()}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
