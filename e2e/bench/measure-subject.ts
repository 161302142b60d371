import { residentBytes, watchResidentMemory } from "./resident-memory.ts";
import { measureSeries, type SeriesFigures } from "./series.ts";
import type { Subject } from "./subjects.ts";

export interface SubjectFigures {
  readonly name: string;
  readonly alone: SeriesFigures;
  readonly together: SeriesFigures;
  readonly idleBytes?: number;
  readonly loadedBytes?: number;
}

const seriesDeadlineMs = 5_000;

/** Both series of one subject, with the memory of the proxy before and the highest during them. */
export async function measureSubject(subject: Subject): Promise<SubjectFigures> {
  const memory =
    subject.pid === undefined
      ? undefined
      : { idleBytes: residentBytes(subject.pid), watch: watchResidentMemory(subject.pid) };
  const alone = await series({ subject, clients: 1, warmUpCalls: 500, calls: 3_000 });
  const together = await series({ subject, clients: 32, warmUpCalls: 2_000, calls: 10_000 });
  return {
    name: subject.name,
    alone,
    together,
    ...(memory && { idleBytes: memory.idleBytes, loadedBytes: memory.watch.stop() }),
  };
}

interface SeriesPlan {
  readonly subject: Subject;
  readonly clients: number;
  readonly warmUpCalls: number;
  readonly calls: number;
}

async function series({ subject, clients, warmUpCalls, calls }: SeriesPlan): Promise<SeriesFigures> {
  const callers = await subject.callers(clients);
  try {
    return await measureSeries({ callers, warmUpCalls, calls, deadlineMs: seriesDeadlineMs });
  } finally {
    for (const caller of callers) await caller.close();
  }
}
