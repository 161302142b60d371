import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "./find-program.mjs";
import { waitUntil } from "./wait-until.mjs";
import { stateFolder } from "./workspace.mjs";

const pidFiles = {
  "/var/run/docker.pid": "dockerd",
  "/var/run/docker/containerd/containerd.pid": "containerd",
};
const stopDeadlineMs = 20_000;

/**
 * Starts dockerd detached from this process, with its log in the state folder.
 * @param {{ extraArguments?: readonly string[] }} [options] for a second daemon beside the usual one
 * @returns {{ pid: number, logFile: string, hasEnded: () => boolean }}
 */
export function startDaemon({ extraArguments = [] } = {}) {
  mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
  removeStalePidFiles();
  const logFile = join(stateFolder(), "dockerd.log");
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(findProgram("dockerd"), extraArguments, { detached: true, stdio: ["ignore", log, log] });
  let hasEnded = false;
  child.once("exit", () => (hasEnded = true));
  child.once("error", () => (hasEnded = true));
  child.unref();
  return { pid: child.pid, logFile, hasEnded: () => hasEnded };
}

/** dockerd believes a pid file when any process has that number, also one that has nothing to do with Docker. */
function removeStalePidFiles() {
  for (const [file, program] of Object.entries(pidFiles)) {
    if (existsSync(file) && !isProcessOf(Number(readFileSync(file, "utf8")), program)) rmSync(file, { force: true });
  }
}

function isProcessOf(pid, program) {
  try {
    // "PID (NAME) STATE …"; a zombie has ended, and only waits for its parent to ask.
    const [, name, state] = /^\d+ \((.*)\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return name === program && state !== "Z" && state !== "X";
  } catch {
    return false; // no such process
  }
}

/**
 * Ends a daemon that startDaemon started, by its own pid.
 * @param {number} pid
 */
export async function stopDaemon(pid) {
  const isGone = async () => !isProcessOf(pid, "dockerd");
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    if (await isGone()) return;
    process.kill(pid, signal);
    await waitUntil({ isTrue: isGone, deadlineMs: stopDeadlineMs });
  }
}
