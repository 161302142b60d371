import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { constants } from "node:os";
import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import { EngineError, type HostLaunch, type Workload, type WorkloadEnd, type WorkloadOutput } from "../engine.ts";
import { outputEnd } from "../process-output.ts";
import { createStdinWriter } from "../stdin-writer.ts";
import { createCpuMeter } from "../cpu-meter.ts";
import { readHostResources } from "./host-resources.ts";
import { readHostTransfer } from "./host-transfer.ts";

const outputGraceMs = 200;

export interface HostWorkloadRequest {
  readonly launch: HostLaunch;
  readonly output: WorkloadOutput;
  readonly inherited: Readonly<Record<string, string>>;
}

interface HostProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly stdin: ReturnType<typeof createStdinWriter>;
}

/** One process of the host behind the port; it starts with `start` and leads a process group of its own. */
export function createHostWorkload({ launch, output, inherited }: HostWorkloadRequest): Workload {
  const events: EngineEvent[] = [];
  const eventListeners = new Set<(event: EngineEvent) => void>();
  const drainListeners: (() => void)[] = [];
  const ended = Promise.withResolvers<WorkloadEnd>();
  const measureCpu = createCpuMeter();
  let running: HostProcess | undefined;

  const record = (event: EngineEvent): void => {
    events.push(event);
    for (const listener of eventListeners) listener(event);
  };
  const handleExit = async (child: ChildProcessWithoutNullStreams, exit: HostExit): Promise<void> => {
    const endedAt = new Date().toISOString();
    signalGroup(child, "SIGKILL");
    await outputEnd([child.stdout, child.stderr], outputGraceMs);
    record({ at: endedAt, action: "die", ...(exit.exitCode === undefined ? {} : { exitCode: exit.exitCode }) });
    ended.resolve({ endedAt, containerState: "exited", isOomFlagSet: false, events: [...events], ...exit });
  };

  return {
    get id() {
      return `pid:${running?.child.pid ?? "none"}`;
    },
    async start() {
      try {
        const child = await spawnProcess(launch, inherited);
        running = { child, stdin: createStdinWriter(child.stdin) };
        for (const listener of drainListeners) running.stdin.onDrain(listener);
        child.stdout.on("data", (chunk: Buffer) => output.onStdout(chunk));
        child.stderr.on("data", (chunk: Buffer) => output.onStderr(chunk));
        child.once("exit", (code, signal) => void handleExit(child, toExit(code, signal)));
        record({ at: new Date().toISOString(), action: "start" });
      } catch (cause) {
        const error = startError(launch, cause);
        ended.resolve({
          endedAt: new Date().toISOString(),
          containerState: "created",
          isOomFlagSet: false,
          events,
          stateError: error.message,
        });
        throw error;
      }
    },
    write: (bytes) => running?.stdin.write(bytes) ?? true,
    onDrain(listener) {
      drainListeners.push(listener);
      running?.stdin.onDrain(listener);
    },
    closeStdin: () => running?.stdin.end(),
    signal(name) {
      if (running && isAlive(running.child)) {
        record({ at: new Date().toISOString(), action: "kill", signal: constants.signals[name] });
        signalGroup(running.child, name);
      }
      return Promise.resolve();
    },
    pauseStdout: () => void running?.child.stdout.pause(),
    resumeStdout: () => void running?.child.stdout.resume(),
    onEvent: (listener) => void eventListeners.add(listener),
    // The pipes of a process are as good as the process.
    onCutOff: () => undefined,
    ended: ended.promise,
    readResources: async () =>
      running?.child.pid !== undefined && isAlive(running.child)
        ? readHostResources(running.child.pid, measureCpu)
        : undefined,
    // The readings of a process have its peak, and are as cheap.
    readPeak: () => Promise.resolve(),
    readTransferredBytes: async () =>
      running?.child.pid !== undefined && isAlive(running.child) ? readHostTransfer(running.child.pid) : undefined,
    remove: () => Promise.resolve(),
  };
}

type HostExit = Pick<WorkloadEnd, "exitCode" | "signal">;

function toExit(code: number | null, signal: NodeJS.Signals | null): HostExit {
  if (signal !== null) return { signal: constants.signals[signal] };
  return code === null ? {} : { exitCode: code };
}

function isAlive(child: ChildProcessWithoutNullStreams): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Rejects with the error of the operating system when the program cannot be started. */
async function spawnProcess(
  { command: [program, ...args], env, workingDir }: HostLaunch,
  inherited: Readonly<Record<string, string>>,
): Promise<ChildProcessWithoutNullStreams> {
  const child = spawn(program, args, {
    // A group of its own, so that what it starts (npx starts sh starts node) can be ended with it.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...inherited, ...Object.fromEntries(env.map(({ name, value }) => [name, value])) },
    ...(workingDir === undefined ? {} : { cwd: workingDir }),
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("spawn", resolve);
  child.once("error", reject);
  await promise;
  // Later errors are failed signals to a process that has just ended.
  child.on("error", () => undefined);
  return child;
}

function signalGroup(child: ChildProcessWithoutNullStreams, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has no member left.
  }
}

function startError({ command: [program], workingDir }: HostLaunch, cause: unknown): EngineError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") {
    const place = workingDir === undefined ? "" : `, or the working directory ${workingDir} does not exist`;
    return new EngineError(
      `Command not found on this machine: ${program}${place}. Check the spelling and PATH.`,
      { stage: "start", exitCode: 127 },
      { cause },
    );
  }
  if (code === "EACCES") {
    return new EngineError(
      `Not executable on this machine: ${program}. Check its permissions.`,
      { stage: "start", exitCode: 126 },
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EngineError(`${program} could not be started: ${reason}.`, { stage: "start" }, { cause });
}
