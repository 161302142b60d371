import { once } from "node:events";
import type { ContainerEngine } from "../engine/engine.ts";

/** Which engines are being recovered: no container is created there before what was left is gone, so that none has a twin. */
export class RecoveryGate {
  private readonly running = new Map<ContainerEngine, Promise<void>>();

  /** What goes on there; undefined when nothing does. */
  runningOn(engine: ContainerEngine): Promise<void> | undefined {
    return this.running.get(engine);
  }

  get all(): readonly Promise<void>[] {
    return [...this.running.values()];
  }

  /** `recovery` never rejects. */
  close(engine: ContainerEngine, recovery: Promise<void>): void {
    const until = recovery.finally(() => {
      if (this.running.get(engine) === until) this.running.delete(engine);
    });
    this.running.set(engine, until);
  }

  /** Resolves when nothing is being recovered there, or with the abort. */
  async passed(engine: ContainerEngine, signal: AbortSignal): Promise<void> {
    const recovery = this.running.get(engine);
    if (recovery === undefined || signal.aborted) return;
    const over = new AbortController();
    const aborted = once(signal, "abort", { signal: over.signal }).catch(() => undefined);
    await Promise.race([recovery, aborted]);
    over.abort();
  }
}
