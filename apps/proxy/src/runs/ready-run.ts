import { withinDeadline } from "../waiting/deadline.ts";
import type { Handshake } from "./handshake.ts";
import type { LiveRun, RunReadiness } from "./live-run.ts";
import { noRoomError, runEndedError, ServerUnavailableError } from "./run-failure.ts";

export interface ReadyRunRequest {
  readonly server: string;
  readonly live: LiveRun;
  readonly maxContainers: number;
}

/**
 * Resolves when the run answers calls. Rejects with ServerUnavailableError when it ends before, when its engine goes
 * away, or when no place for its container becomes free within the start timeout; then it goes on waiting by itself.
 */
export async function readyRun({ server, live, maxContainers }: ReadyRunRequest): Promise<Handshake> {
  const readiness = await readyOrNoRoom(live);
  switch (readiness.kind) {
    case "ready":
      return readiness.handshake;
    case "ended":
      throw new ServerUnavailableError(
        runEndedError({ server, runId: live.recorder.record.id, verdict: readiness.verdict }),
      );
    case "cut-off":
      throw new ServerUnavailableError(readiness.error);
    case "no-room":
      throw new ServerUnavailableError(noRoomError({ server, maxContainers, waitedMs: live.startTimeoutMs }));
    default:
      return readiness satisfies never;
  }
}

async function readyOrNoRoom(live: LiveRun): Promise<RunReadiness | { readonly kind: "no-room" }> {
  const { roomAwaited, roomCame } = live.turn;
  const first = await Promise.race([live.ready, roomAwaited.then(() => "room-awaited" as const)]);
  if (first !== "room-awaited") return first;
  const room = await withinDeadline(Promise.race([live.ready, roomCame]), live.startTimeoutMs);
  return room === "timed-out" ? { kind: "no-room" } : await live.ready;
}
