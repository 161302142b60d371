import { join } from "node:path";
import { runCommand } from "./run-command.mjs";
import { logFolder } from "./workspace.mjs";

const printedLogLines = 60;

/** An expected failure of a step; the message says what to do and is printed without a stack. */
export class StepError extends Error {
  name = "StepError";
}

/** "850 ms", "12.4 s", "3 min 05 s". */
export function formatElapsed(milliseconds) {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/**
 * Shows one line for a piece of work: the title while it runs (on a terminal), then the title with its time.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedAt = performance.now();
  const isTerminal = process.stdout.isTTY === true;
  if (isTerminal) process.stdout.write(`  … ${title}`);
  const finish = (mark) => {
    const line = `  ${mark} ${title} (${formatElapsed(performance.now() - startedAt)})\n`;
    process.stdout.write(isTerminal ? `\r\u001B[2K${line}` : line);
  };
  try {
    const value = await work();
    finish("✓");
    return value;
  } catch (error) {
    finish("✗");
    throw error;
  }
}

/**
 * Runs a command as one quiet step. Its output goes to `.toolchain/logs/NAME.log` and is printed when it fails.
 * @param {{ title: string, name: string, command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv,
 *   deadlineMs?: number }} request
 */
export function commandStep({ title, name, ...request }) {
  return step(title, async () => {
    const logFile = join(logFolder, `${name}.log`);
    const result = await runCommand({ ...request, logFile });
    if (result.exitCode === 0) return result;
    throw new StepError(describeFailure({ name, logFile, request, result }));
  });
}

function describeFailure({ name, logFile, request, result }) {
  const lines = result.text.trimEnd().split("\n");
  const shown = lines.slice(-printedLogLines).join("\n");
  const reason = result.isTimedOut ? "did not finish in time" : `failed with exit code ${result.exitCode}`;
  return `${shown}\n\n${name}: ${request.command} ${request.args.join(" ")} ${reason}. The full output is in ${logFile}`;
}
