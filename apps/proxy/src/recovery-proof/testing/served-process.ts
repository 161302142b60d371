import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "../../testing/until.ts";

const program = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const listeningLine = /^MCPProxy is listening on http:\/\/\S+$/m;
const deadlineMs = 60_000;

export interface ServedProcessRequest {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** A `mcpproxy serve` that this test started, and therefore may end. */
export interface ServedProcess {
  readonly pid: number;
  readonly hasExited: boolean;
  output(): string;
  /** Rejects with its output when it ends instead. */
  listening(): Promise<void>;
  /** Sends the signal and waits for the end; its exit code, null after a signal. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  /** Resolves with the exit code when it ends by itself. */
  exited(): Promise<number | null>;
}

const running = new Set<ChildProcess>();
// A test run that ends early must not leave its proxies running.
process.once("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

/** Starts the real command from its source. */
export function spawnServe({ args, variables }: ServedProcessRequest): ServedProcess {
  const child = spawn(process.execPath, [program, "serve", ...args], {
    env: variables,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  let isOver = false;
  const closed = once(child, "exit").then((): number | null => {
    isOver = true;
    running.delete(child);
    return child.exitCode;
  });
  return {
    pid: child.pid ?? 0,
    get hasExited() {
      return isOver;
    },
    output: () => output,
    async listening() {
      await until("mcpproxy serve listens", () => isOver || listeningLine.test(output) || undefined, deadlineMs);
      if (isOver) throw new Error(`mcpproxy serve has ended:\n${output}`);
    },
    async end(signal) {
      if (!isOver) child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
      return await closed.finally(() => clearTimeout(timer));
    },
    exited: () => closed,
  };
}
