import type { CutOff } from "../engine.ts";

/** Tells once that a workload's stdio is lost, also to those who listen later. */
export class CutOffNotice {
  private readonly listeners = new Set<(cutOff: CutOff) => void>();
  private readonly runs = Promise.withResolvers<boolean>();
  private cutOff: CutOff | undefined;

  get isGiven(): boolean {
    return this.cutOff !== undefined;
  }

  onCutOff(listener: (cutOff: CutOff) => void): void {
    if (this.cutOff === undefined) this.listeners.add(listener);
    else listener(this.cutOff);
  }

  give(reason: Pick<CutOff, "isEngineAway">): void {
    if (this.cutOff !== undefined) return;
    this.cutOff = { ...reason, stillRuns: this.runs.promise };
    for (const listener of this.listeners) listener(this.cutOff);
  }

  /** What the engine says, now that it answers. */
  settle(state: "runs" | "ended"): void {
    this.runs.resolve(state === "runs");
  }
}
