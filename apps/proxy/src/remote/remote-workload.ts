import type { RemoteEndpoint } from "@mcpproxy/core/plan/isolation-plan";
import type { HostLaunch, Workload, WorkloadEnd, WorkloadOutput } from "../engine/engine.ts";
import { HttpClient } from "./http-client.ts";
import { HttpSse } from "./http-sse.ts";
import type { RemoteEvents } from "./remote-connection.ts";
import { StreamableHttp } from "./streamable-http.ts";

const newline = Buffer.from("\n");
/** Beyond it the bridge waits until all is sent. */
const maxWaitingBytes = 1024 * 1024;

export interface RemoteWorkloadRequest {
  readonly launch: HostLaunch;
  readonly remote: RemoteEndpoint;
  readonly output: WorkloadOutput;
  readonly certificates: readonly string[] | undefined;
  readonly version: string;
  readonly httpsProxy: string | undefined;
  readonly noProxy: string | undefined;
}

/** A connection to a remote server behind the port: lines in and out, as of a process. Its end is the connection's. */
export function createRemoteWorkload(request: RemoteWorkloadRequest): Workload {
  const { launch, remote, output } = request;
  const ended = Promise.withResolvers<WorkloadEnd>();
  const drainListeners: (() => void)[] = [];
  const client = new HttpClient({ ...request, url: remote.url, headers: launch.env });
  let waitingBytes = 0;
  let isOver = false;

  const end = (how: Pick<WorkloadEnd, "containerState" | "stateError">): void => {
    isOver = true;
    client.close();
    ended.resolve({ endedAt: new Date().toISOString(), isOomFlagSet: false, events: [], ...how });
  };
  const events: RemoteEvents = {
    onMessage: (message) => {
      if (!isOver) output.onStdout(Buffer.concat([message, newline], message.length + 1));
    },
    onNote: (text) => output.onStderr(Buffer.from(`${text}\n`)),
    onLost: (reason) => {
      if (isOver) return;
      end({ containerState: "gone", stateError: `The connection to the remote server is lost: ${reason}.` });
      void connection.close();
    },
  };
  const connection =
    remote.transport === "sse"
      ? new HttpSse({ client, launch, events })
      : new StreamableHttp({ client, launch, events });
  const stop = async (): Promise<void> => {
    if (isOver) return;
    await connection.close();
    end({ containerState: "exited" });
  };
  const taken = (sizeBytes: number): (() => void) => {
    let isCounted = true;
    return () => {
      if (!isCounted) return;
      isCounted = false;
      waitingBytes -= sizeBytes;
      if (waitingBytes === 0) for (const listener of drainListeners) listener();
    };
  };

  return {
    id: "remote",
    start: () => Promise.resolve(),
    write(bytes) {
      if (isOver) return true;
      const line = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
      waitingBytes += line.length;
      connection.send(line.subarray(0, -1), taken(line.length));
      return waitingBytes <= maxWaitingBytes;
    },
    onDrain: (listener) => void drainListeners.push(listener),
    closeStdin: () => void stop(),
    signal: () => Promise.resolve(end({ containerState: "exited" })),
    // Nobody holds back the output of a run; each response is read as fast as it is passed on.
    pauseStdout: () => undefined,
    resumeStdout: () => undefined,
    onEvent: () => undefined,
    onCutOff: () => undefined,
    ended: ended.promise,
    readResources: () => Promise.resolve(undefined),
    readPeak: () => Promise.resolve(),
    readTransferredBytes: () => Promise.resolve(undefined),
    remove: () => Promise.resolve(),
  };
}
