import { formatBytes } from "../format/bytes.ts";
import { formatDuration } from "../format/duration.ts";
import { shellQuote } from "../format/shell-quote.ts";
import type { Finding } from "../plan/finding.ts";
import type { PlanRecord } from "../run/plan-record.ts";
import type { RunRecord } from "../run/run-record.ts";
import type { ConfigIssueRecord, EngineStatus, ServerRecord } from "../run/server-record.ts";
import { tellingLine } from "../verdict/telling-line.ts";
import { stateWords } from "../run/state-words.ts";
import type { DoctorFix, DoctorReport, DoctorStep } from "./doctor-report.ts";
import { fixForRun } from "./fix-for-run.ts";

/** How a start on trial came out; undefined when none was made. */
export type Trial = { readonly ok: true; readonly tookMs: number } | { readonly ok: false; readonly message: string };

/** Everything the examination looks at; gathered by the caller. */
export interface ServerFacts {
  readonly server: ServerRecord;
  readonly plan: PlanRecord;
  /** The live run, else the newest ended one. */
  readonly run: RunRecord | undefined;
  /** The newest ended run: a server that was restarted runs well and may still die of the same thing again. */
  readonly before: RunRecord | undefined;
  readonly engine: EngineStatus;
  readonly trial: Trial | undefined;
  readonly configIssues: readonly ConfigIssueRecord[];
}

const shownLogLines = 8;

/** The guide's seven debugging steps, answered from what MCPProxy knows. Pure. */
export function examineServer(facts: ServerFacts): DoctorReport {
  const fixes = fixesOf(facts);
  const steps = [
    isolationStatus(facts),
    containerStatus(facts),
    containerLogs(facts),
    dockerCommand(facts),
    manualTest(facts),
    applyFix(facts, fixes),
    reloadAndVerify(facts),
  ];
  return { server: facts.server.name, isHealthy: steps.every(({ status }) => status !== "problem"), steps, fixes };
}

function isolationStatus({ server, plan, run }: ServerFacts): DoctorStep {
  const isRemote = server.isolation === "remote";
  const title = "Isolation status";
  const dangers = plan.findings.filter(({ severity }) => severity !== "hint");
  const lines = dangers.map(({ severity, message }) => `${severity}: ${message}`);
  const base = { step: 1, title, lines } as const;
  switch (plan.outcome) {
    case "refused":
      return { ...base, status: "problem", found: plan.refusal?.message ?? "", remedy: plan.refusal?.remedy ?? null };
    case "direct":
      return {
        ...base,
        status: isRemote ? "ok" : "warning",
        found: `${isRemote ? "" : "Docker isolation is off: "}${plan.reason ?? ""}`,
        remedy: dangers[0]?.remedy ?? null,
      };
    case "isolated": {
      const report = run?.isolationReport ?? null;
      const score = report === null ? "" : ` Isolation score ${report.score} of 100.`;
      return {
        ...base,
        status: dangers.length > 0 ? "warning" : "ok",
        found: `Docker isolation is on: image ${plan.image ?? ""}, ${limitWords(plan)}.${score}`,
        remedy: dangers[0]?.remedy ?? null,
      };
    }
    default:
      return plan.outcome satisfies never;
  }
}

function limitWords({ settings }: PlanRecord): string {
  const effective = (key: string) => settings.find((setting) => setting.key === key)?.effective ?? "?";
  return `memory ${effective("memory_limit")}, ${cpuWords(effective("cpu_limit"))}, network ${effective("network_mode")}`;
}

function cpuWords(cpus: string): string {
  return `${cpus} ${cpus === "1" ? "CPU" : "CPUs"}`;
}

function containerStatus({ server, run, before, engine }: ServerFacts): DoctorStep {
  const base = { step: 2, title: "Container status", lines: [], remedy: null } as const;
  if (server.isolation === "docker" && engine.state === "unavailable") {
    const { message, remedy } = engine.problem ?? { message: "Docker is not reachable.", remedy: "Start Docker." };
    return { ...base, status: "problem", found: message, remedy };
  }
  const place =
    run?.containerName ?? run?.containerId ?? (server.isolation === "remote" ? "the connection" : "no container");
  const failure = before !== undefined && before.id !== run?.id && hasFailed(before) ? before : undefined;
  if (server.run !== null && failure !== undefined)
    return {
      ...base,
      status: "warning",
      found: `${place} ${stateWords[server.state]}${memoryWords(server)}. The run before it has failed: ${failure.verdict?.summary ?? ""}`,
      remedy: failure.verdict?.remedy ?? null,
    };
  if (server.run !== null)
    return {
      ...base,
      status: server.state === "ready" ? "ok" : "warning",
      found: `${place} ${stateWords[server.state]}${memoryWords(server)}.`,
    };
  if (run?.verdict == null) return { ...base, status: "skipped", found: "It has not run yet." };
  const isFailure = hasFailed(run);
  return {
    ...base,
    status: isFailure ? "problem" : "ok",
    found: `${place} has ended: ${run.verdict.summary}`,
    remedy: run.verdict.remedy ?? null,
  };
}

function memoryWords({ run, limits }: ServerRecord): string {
  if (run?.memoryBytes == null) return "";
  const limit = limits.memoryBytes === null ? "" : ` of ${formatBytes(limits.memoryBytes)}`;
  return `, memory ${formatBytes(run.memoryBytes)}${limit}`;
}

function containerLogs({ run }: ServerFacts): DoctorStep {
  const base = { step: 3, title: "Container logs", remedy: null } as const;
  if (run === undefined) return { ...base, status: "skipped", found: "There is no run to read from.", lines: [] };
  const lines = run.stderrTail.slice(-shownLogLines);
  const telling = tellingLine(run.stderrTail);
  const isEndOfFailure = run.verdict !== null && run.stoppedBy === null;
  if (telling === undefined) return { ...base, status: "ok", found: "The server wrote nothing to stderr.", lines };
  return { ...base, status: isEndOfFailure ? "warning" : "ok", found: `The most telling line: ${telling}`, lines };
}

function dockerCommand({ plan, run }: ServerFacts): DoctorStep {
  const base = { step: 4, title: "Docker command", remedy: null } as const;
  const args = run?.dockerRunArgs ?? plan.dockerRunArgs;
  if (args === null)
    return { ...base, status: "skipped", found: "There is no docker command: it runs without isolation.", lines: [] };
  return {
    ...base,
    status: "ok",
    found: "This command creates the same container (secret values come from your environment):",
    lines: [["docker", ...args].map(shellQuote).join(" ")],
  };
}

function manualTest({ server, trial, run }: ServerFacts): DoctorStep {
  const base = { step: 5, title: "Test", lines: [], remedy: null } as const;
  if (trial !== undefined)
    return trial.ok
      ? { ...base, status: "ok", found: `A start on trial answered initialize after ${formatDuration(trial.tookMs)}.` }
      : { ...base, status: "problem", found: `A start on trial failed: ${trial.message}` };
  if (server.state === "ready") {
    const { initializeMs } = run?.timings ?? { initializeMs: null };
    const after = initializeMs === null ? "" : `, after ${formatDuration(initializeMs)}`;
    return { ...base, status: "ok", found: `It runs and answered initialize${after}.` };
  }
  return { ...base, status: "skipped", found: "It was not started for this examination." };
}

function applyFix({ run, plan }: ServerFacts, fixes: readonly DoctorFix[]): DoctorStep {
  const base = { step: 6, title: "Fix", lines: fixes.map(describeFix) } as const;
  if (fixes.length > 0)
    return { ...base, status: "warning", found: "MCPProxy can make this change:", remedy: "mcpproxy doctor --fix" };
  const advice = plan.refusal?.remedy ?? (run?.stoppedBy === null ? run.verdict?.remedy : undefined);
  return advice === undefined
    ? { ...base, status: "ok", found: "Nothing has to be changed.", remedy: null }
    : { ...base, status: "warning", found: "This has to be done by hand.", remedy: advice };
}

function reloadAndVerify({ server, configIssues }: ServerFacts): DoctorStep {
  const base = { step: 7, title: "Reload and verify", remedy: null } as const;
  const issues = configIssues.filter((issue) => issue.server === null || issue.server === server.name);
  const lines = issues.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
  if (issues.length > 0)
    return {
      ...base,
      status: "problem",
      found: "The config file has errors and is not in force as it stands.",
      remedy: issues[0]?.remedy ?? "Correct the file; it is read again when it is saved.",
      lines,
    };
  return {
    ...base,
    status: "ok",
    found: `The config file is in force; ${server.name} ${stateWords[server.state]}.`,
    lines,
  };
}

/** One line for people: isolation.memory_limit: "1g". */
export function describeFix({ reason, change }: DoctorFix): string {
  const value = JSON.stringify(change.value);
  return `${change.operation === "append" ? `add ${value} to isolation.${change.key}` : `set isolation.${change.key} to ${value}`}: ${reason}`;
}

function fixesOf({ plan, run, before, server }: ServerFacts): readonly DoctorFix[] {
  const ended = run?.verdict == null ? before : run;
  const fixForEnd = ended === undefined || !isUpToDate(ended, server) ? undefined : fixForRun(ended);
  const ofEnd = fixForEnd === undefined ? [] : [{ reason: ended?.verdict?.summary ?? "", change: fixForEnd }];
  return [...ofEnd, ...plan.findings.flatMap(fixOfFinding)];
}

function hasFailed({ stoppedBy, verdict }: RunRecord): boolean {
  return stoppedBy === null && verdict !== null && verdict.kind !== "completed" && verdict.kind !== "session_closed";
}

/** What mends a run with other limits than those of today may be done already. */
function isUpToDate({ stoppedBy, limits }: RunRecord, server: ServerRecord): boolean {
  return (
    stoppedBy === null && limits.memoryBytes === server.limits.memoryBytes && limits.network === server.limits.network
  );
}

/** Hints are only worth knowing; to run without isolation, or with host network, may be what the user wants. */
function fixOfFinding({ severity, code, message, fix }: Finding): readonly DoctorFix[] {
  const isChoice = code === "no_isolation" || code === "host_network";
  return fix === undefined || severity === "hint" || isChoice ? [] : [{ reason: message, change: fix }];
}
