/** Whoever can answer one echo at a time; a series uses several side by side. */
export interface EchoCaller {
  /** Resolves with the raw answer, which must contain the message. */
  echo(message: string): Promise<string>;
  close(): void | Promise<void>;
}

export interface SeriesRequest {
  readonly callers: readonly EchoCaller[];
  readonly calls: number;
  readonly deadlineMs: number;
}

export interface SeriesFigures {
  readonly clients: number;
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly callsPerSecond: number;
}

/** Calls echo from all callers at once, each one call after the other, until the count or the deadline is reached. */
export async function callEcho({ callers, calls, deadlineMs }: SeriesRequest): Promise<{
  readonly latencies: readonly number[];
  readonly elapsedMs: number;
}> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + deadlineMs;
  let begun = 0;
  const callUntilDone = async (caller: EchoCaller) => {
    while (begun < calls && performance.now() < endsAt) {
      begun += 1;
      const message = `message ${begun}`;
      const calledAt = performance.now();
      const answer = await caller.echo(message);
      latencies.push(performance.now() - calledAt);
      if (!answer.includes(message)) throw new Error(`The answer does not hold "${message}": ${answer.slice(0, 300)}`);
    }
  };
  await Promise.all(callers.map(callUntilDone));
  return { latencies, elapsedMs: performance.now() - startedAt };
}

/** The figures of all rounds of one series. */
export function seriesFigures({
  clients,
  latencies,
  elapsedMs,
}: {
  readonly clients: number;
  readonly latencies: readonly number[];
  readonly elapsedMs: number;
}): SeriesFigures {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    clients,
    calls: sorted.length,
    p50Ms: percentile(sorted, 50),
    p99Ms: percentile(sorted, 99),
    callsPerSecond: (sorted.length / elapsedMs) * 1000,
  };
}

/** The value that `percent` of the sorted values do not exceed. */
export function percentile(sorted: readonly number[], percent: number): number {
  const index = Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1);
  return sorted[Math.max(0, index)] ?? Number.NaN;
}
