import { spawn } from "node:child_process";
import { once } from "node:events";

// Reads one line from us; without it (this process is gone, even by SIGKILL) the child is ended.
const guardScript = 'read -r line || { kill -TERM "$1"; sleep 30; kill -KILL "$1"; } 2>/dev/null';

/**
 * Starts a long-running child in its own process group, so that a Ctrl-C on the terminal reaches only this process,
 * which then ends its children in order. A guard ends the child when this process dies without doing so.
 * @param {{ name: string, command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv,
 *   onLine?: (line: string) => void, isQuiet?: boolean }} request
 */
export function startChild({ name, command, args, cwd, env, onLine, isQuiet }) {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const guard = guardChild(child);
  const recent = [];
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    readLines(stream, (line) => {
      recent.push(line);
      if (recent.length > 40) recent.shift();
      if (!isQuiet) target.write(`${line}\n`);
      onLine?.(line);
    });
  }
  const ended = waitForEnd(child).finally(() => guard?.stdin.end("done\n"));
  let isRunning = true;
  void ended.then(() => (isRunning = false));
  return {
    name,
    ended,
    isRunning: () => isRunning,
    /** What was not shown yet; for the message about an unexpected end. */
    hiddenOutput: () => (isQuiet ? `${recent.join("\n")}\n` : ""),
    signal: (signal) => isRunning && child.kill(signal),
    stop: ({ signal, deadlineMs }) => stopChild({ child, ended, signal, deadlineMs }),
  };
}

function guardChild(child) {
  if (process.platform === "win32" || child.pid === undefined) return undefined;
  const guard = spawn("/bin/sh", ["-c", guardScript, "mcpproxy-guard", String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.stdin.on("error", () => {}); // the guard may be gone before us, which is its end anyway
  guard.on("error", () => {});
  guard.unref();
  return guard;
}

async function waitForEnd(child) {
  try {
    const [code, signal] = await once(child, "exit");
    return { code, signal, text: signal ? `ended by ${signal}` : `exited with code ${code}` };
  } catch (error) {
    return { code: 127, signal: null, text: `could not be started: ${error.message}` };
  }
}

async function stopChild({ child, ended, signal, deadlineMs }) {
  child.kill(signal);
  const kill = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  const end = await ended;
  clearTimeout(kill);
  return end;
}

function readLines(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => rest && onLine(rest));
}
