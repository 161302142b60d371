import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";

const windowMs = 1_000;
const killedExitCode = 137;

/** Remembers which containers were killed without a word from the engine, to tell one server's death from the host's. */
export class DeathRegister {
  private deaths: { readonly runId: string; readonly atMs: number }[] = [];
  /** Runs whose engine told of an OOM or of a signal: their deaths have a cause of their own. */
  private readonly explained = new Set<string>();

  /** Takes each event of a run as it comes, so that of several deaths at once the first is judged by the others too. */
  note(runId: string, { action, at, exitCode }: EngineEvent): void {
    if (action === "oom" || action === "kill") {
      this.explained.add(runId);
      this.deaths = this.deaths.filter((death) => death.runId !== runId);
    }
    if (action !== "die" || exitCode !== killedExitCode || this.explained.has(runId)) return;
    const atMs = Date.parse(at);
    this.deaths = [...this.deaths.filter((death) => atMs - death.atMs < 10 * windowMs), { runId, atMs }];
  }

  /** Nothing more comes of this run. */
  close(runId: string): void {
    this.explained.delete(runId);
  }

  /** Other runs that were killed within a second before or after. */
  othersWithinSecond(runId: string, endedAt: string): number {
    const atMs = Date.parse(endedAt);
    return this.deaths.filter((death) => death.runId !== runId && Math.abs(death.atMs - atMs) <= windowMs).length;
  }
}
