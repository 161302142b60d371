import { describe, expect, test } from "vitest";
import { classifyExit } from "./classify-exit.ts";
import type { ExitEvidence, StartFailure } from "./exit-evidence.ts";
import {
  atMs,
  diedAt,
  kill,
  mebibyte,
  neverCreated,
  oomEvent,
  policyIntent,
  readyRun,
  startingRun,
  stepsUpTo,
  userIntent,
} from "./exit-evidence.test-data.ts";
import { verdictKinds, type VerdictKind } from "./verdict.ts";

interface Row {
  readonly name: string;
  readonly evidence: ExitEvidence;
  readonly kind: VerdictKind;
  readonly summary?: string | RegExp;
}

const exitedBefore: StartFailure = {
  stage: "handshake",
  cause: "exited",
  message: "The server exited before it answered initialize.",
};
const timedOut: StartFailure = {
  stage: "handshake",
  cause: "timed_out",
  message: "No answer to initialize within 30 s.",
};
const fullOom = { exitCode: 137, isOomFlagSet: true, events: [oomEvent] };
const v8Stderr = [
  "<--- Last few GCs --->",
  "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
  " 1: 0xb090 node::Abort()",
];
const npmOffline = [
  "npm error code EAI_AGAIN",
  "npm error syscall getaddrinfo",
  "npm error A complete log of this run can be found in: /root/.npm/_logs/x.log",
];
const gap = { from: atMs(-180_000), to: atMs(60_000) };
const ourStop = {
  exitCode: 143,
  intents: [userIntent("maintenance")],
  stopSteps: stepsUpTo("sigterm"),
  events: [kill(15)],
};
const ourKill = { exitCode: 137, stopSteps: stepsUpTo("sigkill"), events: [kill(15, -10_100), kill(9)] };
const runcNotFound =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "uvx": executable file not found in $PATH: unknown';

const memory: readonly Row[] = [
  {
    name: "oom event and flag",
    evidence: readyRun(fullOom),
    kind: "oom_killed",
    summary: "Out of memory: killed at the 64 MiB limit.",
  },
  { name: "oom event only", evidence: readyRun({ exitCode: 137, events: [oomEvent] }), kind: "oom_killed" },
  { name: "oom flag only", evidence: readyRun({ exitCode: 137, isOomFlagSet: true }), kind: "oom_killed" },
  {
    name: "oom flag only, events missed",
    evidence: readyRun({ exitCode: 137, isOomFlagSet: true, eventGap: gap }),
    kind: "oom_killed",
  },
  { name: "oom during start", evidence: startingRun({ ...fullOom, failure: exitedBefore }), kind: "oom_killed" },
  {
    name: "oom just before our intent",
    evidence: readyRun({ ...fullOom, intents: [userIntent(undefined, -20)] }),
    kind: "oom_killed",
  },
  {
    name: "a child's oom long before our own SIGKILL",
    evidence: readyRun({
      ...ourKill,
      intents: [userIntent()],
      isOomFlagSet: true,
      events: [{ ...oomEvent, at: atMs(-40_000) }, kill(9)],
    }),
    kind: "stop_timeout",
  },
  {
    name: "a child's oom, then docker kill",
    evidence: readyRun({ exitCode: 137, isOomFlagSet: true, events: [{ ...oomEvent, at: atMs(-40_000) }, kill(9)] }),
    kind: "killed_outside",
  },
  {
    name: "oom of a child, exit 0",
    evidence: readyRun({ exitCode: 0, isOomFlagSet: true, events: [oomEvent] }),
    kind: "oom_child",
    summary: "A child process ran out of memory at the 64 MiB limit; the server exited with code 0.",
  },
  {
    name: "oom of a child, exit 1 before ready",
    evidence: startingRun({ exitCode: 1, isOomFlagSet: true, failure: exitedBefore }),
    kind: "oom_child",
  },
  {
    name: "137 at 95 % of the limit",
    evidence: readyRun({ exitCode: 137, memory: { limitBytes: 100 * mebibyte, peakBytes: 95 * mebibyte } }),
    kind: "oom_likely",
    summary: /^Probably out of memory/,
  },
  {
    name: "137 just below 95 % of the limit",
    evidence: readyRun({ exitCode: 137, memory: { limitBytes: 100 * mebibyte, peakBytes: 94 * mebibyte } }),
    kind: "sigkill_unknown",
  },
  {
    name: "137 near the limit by docker kill",
    evidence: readyRun({
      exitCode: 137,
      events: [kill(9)],
      memory: { limitBytes: 100 * mebibyte, peakBytes: 99 * mebibyte },
    }),
    kind: "killed_outside",
  },
  {
    name: "137 with others in the same second",
    evidence: readyRun({ exitCode: 137, otherDeathsInSameSecond: 2 }),
    kind: "host_oom",
  },
  { name: "V8 heap with init (134)", evidence: readyRun({ exitCode: 134, stderrTail: v8Stderr }), kind: "oom_heap" },
  { name: "V8 heap without init (139)", evidence: readyRun({ exitCode: 139, stderrTail: v8Stderr }), kind: "oom_heap" },
  {
    name: "V8 heap during start",
    evidence: startingRun({ exitCode: 134, stderrTail: v8Stderr, failure: exitedBefore }),
    kind: "oom_heap",
  },
  {
    name: "V8 heap of a host process",
    evidence: readyRun({ isolation: "none", signal: 6, stderrTail: v8Stderr }),
    kind: "oom_heap",
  },
  {
    name: "Python MemoryError",
    evidence: readyRun({ exitCode: 1, stderrTail: ["Traceback", "MemoryError"] }),
    kind: "oom_heap",
  },
  {
    name: "MemoryError within a sentence",
    evidence: readyRun({ exitCode: 1, stderrTail: ["caught MemoryError, going on"] }),
    kind: "app_error",
  },
];

const stops: readonly Row[] = [
  {
    name: "a person with a note",
    evidence: readyRun(ourStop),
    kind: "stopped_by_user",
    summary: "Stopped by admin (token ops-laptop): maintenance.",
  },
  {
    name: "a person without",
    evidence: readyRun({ ...ourStop, intents: [userIntent()] }),
    kind: "stopped_by_user",
    summary: "Stopped by admin (token ops-laptop).",
  },
  { name: "while pulling", evidence: neverCreated({ intents: [userIntent()] }), kind: "stopped_by_user" },
  {
    name: "while pulling, the aborted pull looks like a failure",
    evidence: neverCreated({
      intents: [userIntent()],
      failure: { stage: "engine", message: "Docker cannot be reached: aborted." },
    }),
    kind: "stopped_by_user",
  },
  {
    name: "shutdown",
    evidence: readyRun({ ...ourStop, intents: [policyIntent("shutdown")] }),
    kind: "stopped_by_policy",
    summary: "MCPProxy shut down.",
  },
  {
    name: "removed from the config",
    evidence: readyRun({ ...ourStop, intents: [policyIntent("config_changed", "removed from the config")] }),
    kind: "stopped_by_policy",
    summary: "Configuration changed: removed from the config.",
  },
  {
    name: "idle",
    evidence: readyRun({ ...ourStop, intents: [policyIntent("idle", "10 minutes")] }),
    kind: "stopped_by_policy",
    summary: "Idle for 10 minutes.",
  },
  {
    name: "recovered",
    evidence: readyRun({ exitCode: 137, isOomFlagSet: true, intents: [policyIntent("recovered", "x")], eventGap: gap }),
    kind: "stopped_by_policy",
    summary: "MCPProxy had ended; stopped at its next start.",
  },
  {
    name: "killed with MCPProxy before it had a process",
    evidence: neverCreated({ intents: [policyIntent("interrupted", "it was creating the container")], eventGap: gap }),
    kind: "stopped_by_policy",
    summary: "MCPProxy ended before the server had started: it was creating the container.",
  },
  {
    name: "exited on EOF when an earlier MCPProxy died",
    evidence: readyRun({ exitCode: 0, intents: [{ ...policyIntent("recovered"), at: atMs(600_000) }], eventGap: gap }),
    kind: "stopped_by_policy",
  },
  {
    name: "an exit code of its own on EOF",
    evidence: readyRun({ exitCode: 1, intents: [userIntent()], stopSteps: stepsUpTo("stdin-closed") }),
    kind: "stopped_by_user",
  },
  {
    name: "SIGKILL of ours",
    evidence: readyRun({ ...ourKill, intents: [userIntent()] }),
    kind: "stop_timeout",
    summary: "Ignored SIGTERM for 10 s, then killed.",
  },
  {
    name: "SIGKILL of ours to a host process",
    evidence: readyRun({ isolation: "none", signal: 9, stopSteps: stepsUpTo("sigkill"), intents: [userIntent()] }),
    kind: "stop_timeout",
  },
  {
    name: "died long before the intent",
    evidence: readyRun({ exitCode: 3, intents: [userIntent(undefined, 60_000)] }),
    kind: "app_error",
  },
  {
    name: "the client left",
    evidence: readyRun({ ...ourStop, intents: [policyIntent("session_closed")] }),
    kind: "session_closed",
  },
  {
    name: "session scope, after EOF",
    evidence: readyRun({ exitCode: 0, isSessionScoped: true, stopSteps: stepsUpTo("stdin-closed") }),
    kind: "session_closed",
  },
];

const starts: readonly Row[] = [
  {
    name: "created with State.Error",
    evidence: startingRun({
      containerState: "created",
      exitCode: 127,
      stateError: runcNotFound,
      image: "python:3.11",
      events: [],
    }),
    kind: "start_failed",
    summary: "Command not found in the image python:3.11: uvx.",
  },
  {
    name: "start refused by the engine",
    evidence: startingRun({
      containerState: "created",
      failure: { stage: "start", message: runcNotFound, exitCode: 127 },
    }),
    kind: "start_failed",
    summary: "Command not found in the image node:20: uvx.",
  },
  {
    name: "said by the init process",
    evidence: startingRun({
      exitCode: 127,
      stderrTail: ["[FATAL tini (7)] exec uvx failed: No such file or directory"],
      failure: exitedBefore,
    }),
    kind: "start_failed",
    summary: "Command not found in the image node:20: uvx.",
  },
  {
    name: "not executable",
    evidence: startingRun({
      exitCode: 126,
      stderrTail: ["[FATAL tini (6)] exec /srv/x failed: Permission denied"],
      failure: exitedBefore,
    }),
    kind: "start_failed",
  },
  {
    name: "said by a shell",
    evidence: startingRun({ exitCode: 127, stderrTail: ["sh: 1: mcp-foo: not found"], failure: exitedBefore }),
    kind: "start_failed",
    summary: "Command not found in the image node:20: mcp-foo.",
  },
  {
    name: "127 of a program that ran",
    evidence: startingRun({ exitCode: 127, stderrTail: ["Error: plugin crashed"], failure: exitedBefore }),
    kind: "handshake_failed",
  },
  { name: "127 of a server that was ready", evidence: readyRun({ exitCode: 127 }), kind: "app_error" },
  {
    name: "create refused",
    evidence: neverCreated({ failure: { stage: "create", message: "network backend not found" } }),
    kind: "start_failed",
    summary: "The container could not be created: network backend not found.",
  },
  {
    name: "host command missing",
    evidence: neverCreated({
      isolation: "none",
      command: ["nosuch"],
      failure: {
        stage: "start",
        message: "Command not found on this machine: nosuch. Check the spelling and PATH.",
        exitCode: 127,
      },
    }),
    kind: "start_failed",
    summary: "Command not found on this machine: nosuch.",
  },
  {
    name: "engine away",
    evidence: neverCreated({ failure: { stage: "engine", message: "Docker is not running (context colima)" } }),
    kind: "engine_unavailable",
    summary: "Docker is not running (context colima).",
  },
  ...(["not_found", "denied", "registry_unreachable", "timed_out", "no_space", "wrong_platform", "other"] as const).map(
    (code) => ({
      name: `image ${code}`,
      evidence: neverCreated({ failure: { stage: "image" as const, code, message: "as the registry says" } }),
      kind: "image_failed" as const,
      summary: /^Image node:20/,
    }),
  ),
  {
    name: "exited before initialize",
    evidence: startingRun({
      exitCode: 1,
      failure: exitedBefore,
      stderrTail: ["Error: API_KEY is required", "    at main (/x.js:1:1)", "", "Node.js v20.20.2"],
    }),
    kind: "handshake_failed",
    summary: /^Exited before initialize with code 1.*: Error: API_KEY is required\.$/,
  },
  {
    name: "exit 0 before initialize",
    evidence: startingRun({ exitCode: 0, failure: exitedBefore }),
    kind: "handshake_failed",
  },
  {
    name: "never answered, ended by us",
    evidence: startingRun({ ...ourKill, failure: timedOut }),
    kind: "handshake_failed",
    summary: "No answer to initialize within 30 s.",
  },
  {
    name: "never answered, with npm's errors",
    evidence: startingRun({ ...ourKill, failure: timedOut, stderrTail: npmOffline }),
    kind: "handshake_failed",
  },
  {
    name: "never answered, a person stops it meanwhile",
    evidence: startingRun({ ...ourKill, failure: timedOut, intents: [userIntent(undefined, -5_000)] }),
    kind: "handshake_failed",
  },
  {
    name: "invalid answer",
    evidence: startingRun({
      ...ourStop,
      intents: [],
      failure: { stage: "handshake", cause: "invalid_answer", message: "the answer has no result" },
    }),
    kind: "handshake_failed",
  },
  {
    name: "npm without network",
    evidence: startingRun({ exitCode: 1, network: "none", failure: exitedBefore, stderrTail: npmOffline }),
    kind: "package_failed",
    summary: "npm could not reach the registry; network_mode is none.",
  },
  {
    name: "npm offline",
    evidence: startingRun({ exitCode: 1, failure: exitedBefore, stderrTail: npmOffline }),
    kind: "package_failed",
    summary: "npm could not reach the registry (EAI_AGAIN).",
  },
  {
    name: "npm package missing",
    evidence: startingRun({
      exitCode: 1,
      failure: exitedBefore,
      stderrTail: [
        "npm error code E404",
        "npm error 404 Not Found - GET https://r/nosuch - Not found",
        "npm error 404  'nosuch@*' is not in this registry.",
      ],
    }),
    kind: "package_failed",
    summary: "npm did not find the package nosuch@* (E404).",
  },
  {
    name: "npm and a strange CA",
    evidence: startingRun({
      exitCode: 1,
      failure: exitedBefore,
      stderrTail: ["npm ERR! code SELF_SIGNED_CERT_IN_CHAIN"],
    }),
    kind: "package_failed",
  },
  {
    name: "uv package missing",
    evidence: startingRun({
      exitCode: 1,
      failure: exitedBefore,
      stderrTail: [
        "  × No solution found when resolving tool dependencies:",
        "  ╰─▶ Because nosuch was not found in the package registry and you require nosuch, …",
      ],
    }),
    kind: "package_failed",
    summary: "uv did not find the package nosuch.",
  },
  {
    name: "uv offline",
    evidence: startingRun({
      exitCode: 2,
      failure: exitedBefore,
      stderrTail: [
        "error: Failed to fetch: `https://pypi.org/simple/x/`",
        "  Caused by: dns error: failed to lookup address information",
      ],
    }),
    kind: "package_failed",
    summary: "uv could not reach the registry.",
  },
  {
    name: "pip offline, which also says that it found no version",
    evidence: startingRun({
      exitCode: 1,
      failure: exitedBefore,
      stderrTail: [
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…)': /simple/uv/",
        "ERROR: Could not find a version that satisfies the requirement uv (from versions: none)",
        "ERROR: No matching distribution found for uv",
      ],
    }),
    kind: "package_failed",
    summary: "pip could not reach the registry.",
  },
  {
    name: "pip package missing",
    evidence: startingRun({
      exitCode: 1,
      failure: exitedBefore,
      stderrTail: ["ERROR: No matching distribution found for nosuch"],
    }),
    kind: "package_failed",
  },
  {
    name: "a server that cannot reach its own database",
    evidence: startingRun({
      exitCode: 1,
      failure: exitedBefore,
      stderrTail: ["Error: connect ECONNREFUSED 127.0.0.1:5432"],
    }),
    kind: "handshake_failed",
  },
  {
    name: "npm's errors after it was ready",
    evidence: readyRun({ exitCode: 1, stderrTail: npmOffline }),
    kind: "app_error",
  },
];

const ends: readonly Row[] = [
  {
    name: "docker kill",
    evidence: readyRun({ exitCode: 137, events: [kill(9)] }),
    kind: "killed_outside",
    summary: "Killed from outside (SIGKILL).",
  },
  {
    name: "docker stop",
    evidence: readyRun({ exitCode: 143, events: [kill(15), { at: atMs(1), action: "stop" }] }),
    kind: "killed_outside",
  },
  {
    name: "docker stop, exit 0 by its handler",
    evidence: readyRun({ exitCode: 0, events: [kill(15, -2_000)] }),
    kind: "killed_outside",
  },
  {
    name: "docker rm -f",
    evidence: readyRun({ exitCode: 137, containerState: "gone", events: [kill(9)] }),
    kind: "killed_outside",
  },
  {
    name: "a signal from outside long before an error",
    evidence: readyRun({ exitCode: 3, events: [kill(1, -50_000)] }),
    kind: "app_error",
  },
  { name: "137 and nothing else", evidence: readyRun({ exitCode: 137 }), kind: "sigkill_unknown" },
  {
    name: "137 in an event gap",
    evidence: readyRun({ exitCode: 137, eventGap: gap, memory: { limitBytes: 64, peakBytes: 64 } }),
    kind: "sigkill_unknown",
  },
  {
    name: "137 after an event gap",
    evidence: readyRun({
      exitCode: 137,
      eventGap: { from: atMs(-50_000), to: atMs(-40_000) },
      memory: { limitBytes: 64, peakBytes: 64 },
    }),
    kind: "oom_likely",
  },
  {
    name: "SIGKILL to a host process",
    evidence: readyRun({ isolation: "none", signal: 9, otherDeathsInSameSecond: 2 }),
    kind: "sigkill_unknown",
  },
  {
    name: "SIGSEGV",
    evidence: readyRun({ exitCode: 139 }),
    kind: "crashed_signal",
    summary: "Crashed: SIGSEGV (139).",
  },
  {
    name: "SIGSEGV of a host process",
    evidence: readyRun({ isolation: "none", signal: 11 }),
    kind: "crashed_signal",
    summary: "Crashed: SIGSEGV (139).",
  },
  {
    name: "SIGTERM to a host process",
    evidence: readyRun({ isolation: "none", signal: 15 }),
    kind: "crashed_signal",
    summary: /SIGTERM/,
  },
  { name: "exit 3", evidence: readyRun({ exitCode: 3 }), kind: "app_error", summary: "Exited with code 3." },
  { name: "exit 255 is no signal", evidence: readyRun({ exitCode: 255 }), kind: "app_error" },
  { name: "exit 0", evidence: readyRun({ exitCode: 0 }), kind: "completed", summary: "Exited with code 0 on its own." },
  { name: "gone", evidence: readyRun({ containerState: "gone" }), kind: "lost" },
  { name: "never a container, nothing known", evidence: neverCreated({}), kind: "lost" },
  {
    name: "gone during a gap",
    evidence: readyRun({ containerState: "gone", eventGap: gap }),
    kind: "lost",
    summary: "Outcome unknown: Docker was unreachable 14:02–14:06 UTC.",
  },
  {
    name: "gone, found on recovery",
    evidence: readyRun({ containerState: "none", eventGap: { from: atMs(-60_000), to: diedAt } }),
    kind: "lost",
    summary: /MCPProxy had ended/,
  },
];

const rows = [...memory, ...stops, ...starts, ...ends];

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
}

describe("classifyExit", () => {
  test.each(rows)("$name → $kind", ({ evidence, kind, summary = /./ }) => {
    const verdict = classifyExit(evidence);
    expect(verdict.kind).toBe(kind);
    expect(verdict.summary).toMatch(typeof summary === "string" ? exactly(summary) : summary);
  });

  test.each(rows)("$name: the summary is one line that ends like a sentence, and has evidence", ({ evidence }) => {
    const verdict = classifyExit(evidence);
    expect(verdict.summary).toMatch(/^[A-Zna-z].*[.!?…]$/);
    expect(verdict.evidence.length).toBeGreaterThan(0);
  });

  test("the table has a row for every kind", () => {
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(verdictKinds));
  });

  test("a stop timeout keeps who asked in its evidence", () => {
    const { evidence } = classifyExit(readyRun({ ...ourKill, intents: [userIntent("maintenance")] }));
    expect(evidence).toContainEqual(
      expect.objectContaining({ source: "intent", text: "admin (token ops-laptop): maintenance" }),
    );
  });

  test("an out-of-memory verdict names the setting and the next step, and rests on event, flag and reading", () => {
    const { remedy, evidence } = classifyExit(readyRun(fullOom));
    expect(remedy).toBe("Raise isolation.memory_limit of this server, for example to 128m.");
    expect(evidence.map(({ source }) => source)).toEqual(expect.arrayContaining(["event", "inspect", "memory"]));
  });
});
