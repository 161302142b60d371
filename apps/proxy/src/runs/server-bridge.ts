import { Bridge } from "../bridge/bridge.ts";
import type { LiveRun } from "./live-run.ts";
import type { RunDependencies } from "./run-dependencies.ts";

const maxArgumentsLength = 2_000;

export interface ServerBridgeInput {
  readonly server: string;
  readonly dependencies: RunDependencies;
  /** The run that it serves right now. */
  live(): LiveRun | undefined;
}

/** A bridge that writes down what is odd about the server's output. */
export function createServerBridge(input: ServerBridgeInput): Bridge {
  const { server, dependencies, live } = input;
  const bridge: Bridge = new Bridge({
    server,
    now: () => dependencies.clock.now(),
    onNoise: (line) => noteNoise(input, { line, isFirst: bridge.counters.noiseLines <= 1 }),
    onCallEnded: (call) => {
      live()?.recorder.callEnded(call);
      if (call.outcome !== "cancelled") dependencies.onCallAnswered({ server, durationMs: call.durationMs });
    },
    keptArguments: {
      isOn: () => dependencies.recordsArguments(),
      // Redacted before it is cut, so that no half of a secret is left at the cut.
      read: (bytes) => dependencies.redact(bytes.toString()).slice(0, maxArgumentsLength),
    },
    onRequestRefused: (_method, reason) => live()?.recorder.event("request-refused", reason),
  });
  return bridge;
}

function noteNoise(
  { server, dependencies, live }: ServerBridgeInput,
  { line, isFirst }: { readonly line: Buffer; readonly isFirst: boolean },
): void {
  // Redacted before it is cut, so that no half of a secret is left at the cut.
  const text = dependencies.redact(line.subarray(0, 8_192).toString()).slice(0, 500);
  dependencies.serverLog(server).stdoutNoise(text);
  if (!isFirst) return;
  live()?.recorder.event("stdout-noise", `Printed something on stdout that is no JSON-RPC; it was skipped: ${text}`);
}
