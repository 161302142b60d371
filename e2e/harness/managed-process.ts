import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { childEnvironment } from "./environment.ts";

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that the tests started, and therefore may end. */
export interface ManagedProcess {
  readonly pid: number;
  readonly spawnedAtMs: number;
  stdout(): string;
  /** Standard output and standard error in the order of their arrival. */
  output(): string;
  readonly exited: Promise<ProcessExit>;
  hasExited(): boolean;
  signal(name: NodeJS.Signals): void;
  /** Sends a signal and waits; SIGKILL after the deadline, so that no test leaves a process behind. */
  stop(name: NodeJS.Signals, deadlineMs: number): Promise<ProcessExit>;
}

export interface ProcessRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
}

const running = new Set<ChildProcess>();

// A test run that ends early must not leave its products running.
process.once("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

/** Starts a program and collects what it writes. */
export function startProcess({ program, args, environment = {}, workingDir }: ProcessRequest): ManagedProcess {
  const spawnedAtMs = performance.timeOrigin + performance.now();
  const child = spawn(program, args, {
    cwd: workingDir,
    env: childEnvironment(environment),
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let stdout = "";
  let output = "";
  let isOver = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.on("error", (error) => (output += `${error.message}\n`));
  const exited = once(child, "close").then((): ProcessExit => {
    isOver = true;
    running.delete(child);
    return { code: child.exitCode, signal: child.signalCode };
  });
  if (child.pid === undefined) throw new Error(`Cannot start ${program}`);
  return {
    pid: child.pid,
    spawnedAtMs,
    stdout: () => stdout,
    output: () => output,
    exited,
    hasExited: () => isOver,
    signal: (name) => void child.kill(name),
    async stop(name, deadlineMs) {
      if (!isOver) child.kill(name);
      const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
      return exited.finally(() => clearTimeout(timer));
    },
  };
}
