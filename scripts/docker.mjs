import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { hasApt, installPackages, isPackageKnown, isRoot } from "./apt.mjs";
import { startDaemon } from "./docker-daemon.mjs";
import { decideDockerAction, describeAdvice } from "./docker-decision.mjs";
import { askEngine, findDockerEndpoint, localSocket } from "./docker-endpoint.mjs";
import { findProgram } from "./find-program.mjs";
import { runCommand } from "./run-command.mjs";
import { step, StepError } from "./step.mjs";
import { waitUntil } from "./wait-until.mjs";

export const dockerPackages = ["docker.io", "containerd", "runc", "iptables"];
const startDeadlineMs = 40_000;
const answerDeadlineMs = 60_000;

/**
 * Makes sure of a Docker engine as far as it may; never hangs and never fails: without Docker it prints what to do.
 * @param {{ env: NodeJS.ProcessEnv, isAllowedToInstall: boolean, hasTerminal: boolean }} request
 * @returns {Promise<{ isReachable: boolean, startedDaemonPid?: number }>}
 */
export async function ensureDocker(request) {
  const answer = await askEngine(request.env);
  if (answer.isReachable) return { isReachable: true };
  const decision = decideDockerAction(describeSituation(request, answer));
  const permitted = decision.kind === "advise" ? undefined : await askIfNeeded(decision);
  const outcome = permitted ? await attempt(decision, request) : { isReachable: false };
  if (!outcome.isReachable) printAdvice({ request, answer, decision, outcome });
  return outcome;
}

function describeSituation({ env, isAllowedToInstall, hasTerminal }, answer) {
  return {
    isLocalEndpoint: findDockerEndpoint(env).endpoint === localSocket && process.platform === "linux",
    isForbidden: answer.isForbidden,
    hasDaemon: findProgram("dockerd") !== undefined,
    hasSystemd: existsSync("/run/systemd/system"),
    hasApt: hasApt(),
    isRoot: isRoot(),
    canBecomeRoot: findProgram("sudo") !== undefined,
    hasTerminal,
    isAllowedToInstall,
  };
}

async function askIfNeeded({ kind, shouldAsk }) {
  if (!shouldAsk) return true;
  const question =
    kind === "install"
      ? `Docker is not installed. Install ${dockerPackages.join(", ")} now?`
      : "Docker is not running. Start it now?";
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const signal = AbortSignal.timeout(answerDeadlineMs);
  try {
    const reply = await terminal.question(`  ${question} [Y/n] `, { signal });
    return /^(y|yes|)$/i.test(reply.trim());
  } catch {
    console.log("\n  No answer: going on without.");
    return false;
  } finally {
    terminal.close();
  }
}

async function attempt(decision, request) {
  try {
    if (decision.kind === "install") await installDocker();
    return await step("Starting Docker", () => startDocker(request));
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { isReachable: false, reason: error.message };
  }
}

async function installDocker() {
  const needsCommand = findProgram("docker") === undefined && (await isPackageKnown("docker-cli"));
  await installPackages(needsCommand ? [...dockerPackages, "docker-cli"] : dockerPackages);
}

/** Also right after an installation, which starts the daemon on some systems and not on others. */
async function startDocker({ env }) {
  const isUp = async () => (await askEngine(env)).isReachable;
  if (await isUp()) return { isReachable: true };
  if (existsSync("/run/systemd/system")) {
    await startThroughSystemd();
    if (await waitUntil({ isTrue: isUp, deadlineMs: startDeadlineMs })) return { isReachable: true };
    throw new StepError("systemd started Docker, but it does not answer; see `journalctl -u docker`.");
  }
  if (!isRoot()) throw new StepError("Without systemd only root can start dockerd.");
  const daemon = startDaemon();
  if (await waitUntil({ isTrue: isUp, shouldGiveUp: daemon.hasEnded, deadlineMs: startDeadlineMs })) {
    return { isReachable: true, startedDaemonPid: daemon.pid };
  }
  throw new StepError(`dockerd was started but does not answer; its log is ${daemon.logFile}`);
}

async function startThroughSystemd() {
  const [command, ...args] = [...(isRoot() ? [] : ["sudo"]), "systemctl", "start", "docker"];
  const result = await runCommand({ command, args, output: "both", input: "inherit", deadlineMs: startDeadlineMs });
  if (result.exitCode !== 0) throw new StepError(`systemctl start docker failed: ${result.text.trim()}`);
}

function printAdvice({ request, answer, decision, outcome }) {
  const advice = decision.kind === "advise" ? decision.advice : decision.kind;
  const reason = outcome.reason ?? answer.reason;
  for (const line of describeAdvice({ advice, reason, ...findDockerEndpoint(request.env) })) console.log(`  ! ${line}`);
}
