const windowMs = 1_000;

/** Remembers when containers died, to tell one server's death from the host's: several within a second. */
export class DeathRegister {
  private deaths: { readonly runId: string; readonly atMs: number }[] = [];

  add(runId: string, endedAt: string): void {
    const atMs = Date.parse(endedAt);
    this.deaths = [...this.deaths.filter((death) => atMs - death.atMs < 10 * windowMs), { runId, atMs }];
  }

  /** Other runs that died within a second before or after. */
  othersWithinSecond(runId: string, endedAt: string): number {
    const atMs = Date.parse(endedAt);
    return this.deaths.filter((death) => death.runId !== runId && Math.abs(death.atMs - atMs) <= windowMs).length;
  }
}
