import { detectRuntime } from "@mcpproxy/core/runtime/detect-runtime";
import { usesCache } from "@mcpproxy/core/plan/cache-volume";
import type { StartFailure } from "@mcpproxy/core/verdict/exit-evidence";
import type { Bridge } from "../bridge/bridge.ts";
import type { Workload } from "../engine/engine.ts";
import type { Clock } from "./clock.ts";
import { timeoutsOf, type RunnablePlan } from "./first-record.ts";
import { shakeHands, type Handshake } from "./handshake.ts";
import { knownEraOf } from "./known-eras.ts";
import { startDeadline } from "./start-deadline.ts";

export interface AwaitHandshakeInput {
  readonly bridge: Bridge;
  readonly workload: Workload;
  readonly plan: RunnablePlan;
  /** What an earlier run of this configuration spoke, also before MCPProxy was started again. */
  readonly rememberedEra: Handshake["era"] | undefined;
  /** Version of MCPProxy, told to the server. */
  readonly version: string;
  readonly clock: Clock;
  stderrVersion(): number;
  /** The start timeout has passed, and only a download keeps the deadline away. */
  onStillDownloading(): void;
}

export type HandshakeOutcome =
  | { readonly kind: "initialized"; readonly handshake: Handshake; readonly durationMs: number }
  | {
      readonly kind: "failed";
      readonly failure: StartFailure & { readonly stage: "handshake" };
      /** The question for its era was the first thing it read, and may be why it ended: the next run begins otherwise. */
      readonly hasEndedOnProbe: boolean;
    };

/** A server that has said nothing about server/discover for so long is sent initialize too. */
const maxSilenceMs = 3_000;

/** Waits for the answer to MCP initialize, or to server/discover, within the start deadline, or for the end of the server. */
export async function awaitHandshake(input: AwaitHandshakeInput): Promise<HandshakeOutcome> {
  const { bridge, workload, plan, version, clock } = input;
  const startedMs = clock.now();
  const era = knownEraOf(plan);
  era.value ??= input.rememberedEra;
  era.value ??= mayEndOnDiscover(plan) ? "legacy" : undefined;
  const silenceMs = Math.min(maxSilenceMs, timeoutsOf(plan).startMs / 3);
  const deadline = deadlineOf(input);
  try {
    const answer = await Promise.race([
      shakeHands(bridge, { version, era, silenceMs }),
      workload.ended.then(() => ({ kind: "exited" as const })),
      deadline.passed.then((message) => ({ kind: "timed_out" as const, message })),
    ]);
    switch (answer.kind) {
      case "initialized":
        return { ...answer, durationMs: clock.now() - startedMs };
      case "exited": {
        const hasEndedOnProbe = era.value === undefined;
        // Some end when the first thing they read is not initialize: the next run begins with that.
        era.value ??= "legacy";
        return { ...failed("exited", "The server exited before it answered initialize."), hasEndedOnProbe };
      }
      case "timed_out":
      case "error_answer":
      case "invalid_answer":
        return { ...failed(answer.kind, answer.message), hasEndedOnProbe: false };
      default:
        return answer satisfies never;
    }
  } finally {
    deadline.stop();
  }
}

function deadlineOf({ workload, plan, clock, stderrVersion, onStillDownloading }: AwaitHandshakeInput) {
  const { startMs, pullMs } = timeoutsOf(plan);
  const signs = isPackageRunner(plan)
    ? { readTransferredBytes: () => workload.readTransferredBytes(), stderrVersion }
    : undefined;
  return startDeadline({ startMs, longestMs: Math.max(startMs, pullMs), signs, clock, onStillDownloading });
}

/**
 * Programs of which nothing is known are often compiled, and a library of that world ends a server whose first message
 * is not initialize. They are asked the modern way only when they refuse initialize.
 */
function mayEndOnDiscover(plan: RunnablePlan): boolean {
  if (plan.kind === "isolated") return plan.plan.runtime === "custom";
  // Over HTTP a request that is not known is answered; the old transport has only the legacy era.
  if (plan.launch.remote !== undefined) return plan.launch.remote.transport === "sse";
  const [command, ...args] = plan.launch.command;
  return detectRuntime(command, args).kind !== "runtime";
}

/** Programs that download what they run (npx, uvx, …): their first start takes as long as the network does. */
function isPackageRunner(plan: RunnablePlan): boolean {
  if (plan.kind === "isolated") return usesCache(plan.plan.runtime);
  const [command, ...args] = plan.launch.command;
  const detected = detectRuntime(command, args);
  return detected.kind === "runtime" && usesCache(detected.runtime);
}

type HandshakeFailure = StartFailure & { readonly stage: "handshake" };

function failed(cause: HandshakeFailure["cause"], message: string) {
  return { kind: "failed", failure: { stage: "handshake", cause, message } } as const;
}
