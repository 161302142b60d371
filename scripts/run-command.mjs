import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

const keptOutputCharacters = 200_000;
const killGraceMs = 5_000;

/**
 * Runs a program to its end and never rejects: a program that cannot be started has exit code 127.
 * Output goes to the terminal ("inherit"), or to `logFile` and the returned text ("capture").
 * @param {{ command: string, args?: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv, deadlineMs?: number,
 *   output?: "inherit" | "capture" | "both", input?: "inherit" | "ignore", logFile?: string }} request
 * @returns {Promise<{ exitCode: number, text: string, isTimedOut: boolean }>}
 */
export function runCommand(request) {
  const { command, args = [], output = "capture", input = "ignore" } = request;
  const stdio = output === "inherit" ? [input, "inherit", "inherit"] : [input, "pipe", "pipe"];
  const child = spawn(command, args, { cwd: request.cwd, env: request.env ?? process.env, stdio });
  const collector = collectOutput(child, request);
  const deadline = watchDeadline(child, request.deadlineMs);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      deadline.clear();
      resolve({ exitCode: 127, text: `${collector.finish()}${error.message}\n`, isTimedOut: false });
    });
    child.once("close", (code, signal) => {
      deadline.clear();
      const exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
      resolve({ exitCode, text: collector.finish(), isTimedOut: deadline.isOver() });
    });
  });
}

function collectOutput(child, { logFile, output }) {
  if (logFile) mkdirSync(dirname(logFile), { recursive: true });
  const log = logFile ? createWriteStream(logFile) : undefined;
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk) => {
      text = (text + chunk).slice(-keptOutputCharacters);
      log?.write(chunk);
      if (output === "both") process.stdout.write(chunk);
    });
  }
  return {
    finish() {
      log?.end();
      return text;
    },
  };
}

function watchDeadline(child, deadlineMs) {
  if (deadlineMs === undefined) return { clear() {}, isOver: () => false };
  let isOver = false;
  let kill;
  const timer = setTimeout(() => {
    isOver = true;
    child.kill("SIGTERM");
    kill = setTimeout(() => {
      child.kill("SIGKILL");
      // A grandchild may hold the pipes open for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, killGraceMs);
  }, deadlineMs);
  return {
    clear() {
      clearTimeout(timer);
      clearTimeout(kill);
    },
    isOver: () => isOver,
  };
}
