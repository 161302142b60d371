import type { ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { Clock } from "./clock.ts";
import type { RunRecorder } from "./run-recorder.ts";
import type { Turns } from "./turns.ts";

export interface StartTurnOptions {
  /** Places for containers; undefined for a run that brings none. */
  readonly room: Turns | undefined;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly recorder: Pick<RunRecorder, "event">;
  readonly signal: AbortSignal;
  onEvent(event: ServerEvent): void;
}

/** What one run needs before it may create its container: a free place among all containers, then its turn to start. */
export class StartTurn {
  /** Resolves when it has to wait for a free place; never when it has not. */
  readonly roomAwaited: Promise<void>;
  /** Resolves when it has its place, or when nobody waits for it any more. */
  readonly roomCame: Promise<void>;
  isWaitingForRoom = false;
  /** Its container takes one of the places. */
  hasRoom = false;
  private readonly options: StartTurnOptions;
  private readonly awaited = Promise.withResolvers<void>();
  private readonly came = Promise.withResolvers<void>();
  private leaveRoom: () => void = () => undefined;
  private endTurn: () => void = () => undefined;
  private hasWaited = false;

  constructor(options: StartTurnOptions) {
    this.options = options;
    this.roomAwaited = this.awaited.promise;
    this.roomCame = this.came.promise;
  }

  /** Resolves when the start may go on; rejects when it is stopped before. */
  async take(): Promise<void> {
    const { clock, recorder, onEvent } = this.options;
    const fromMs = clock.now();
    await this.takeRoom();
    await this.takeTurn();
    if (this.hasWaited) recorder.event("turn-came", "Its turn to start.", { durationMs: clock.now() - fromMs });
    onEvent("turn-came");
  }

  /** It has started: others may. */
  release(): void {
    this.endTurn();
  }

  /** Its container is gone. */
  releaseAll(): void {
    this.endTurn();
    this.hasRoom = false;
    this.leaveRoom();
  }

  private async takeRoom(): Promise<void> {
    const { room, signal } = this.options;
    if (room === undefined) return;
    try {
      this.leaveRoom = await room.take({
        signal,
        onWait: (containers) => {
          this.isWaitingForRoom = true;
          this.awaited.resolve();
          this.noteWait(roomAwaitedMessage({ containers, maxContainers: room.limit }));
        },
      });
      this.hasRoom = true;
    } finally {
      this.isWaitingForRoom = false;
      this.came.resolve();
    }
  }

  private async takeTurn(): Promise<void> {
    const { turns, signal } = this.options;
    this.endTurn = await turns.take({
      signal,
      onWait: (starting) => this.noteWait(`Waits for its turn: ${starting} other servers are starting.`),
    });
  }

  private noteWait(message: string): void {
    const { recorder, onEvent } = this.options;
    this.hasWaited = true;
    recorder.event("turn-awaited", message);
    onEvent("turn-awaited");
  }
}

/** Why a start waits for a free place among the containers. */
export function roomAwaitedMessage(room: { readonly containers: number; readonly maxContainers: number }): string {
  const { containers, maxContainers } = room;
  return `Waits: ${containers} ${containers === 1 ? "container runs" : "containers run"}, and max_containers is ${maxContainers}.`;
}
