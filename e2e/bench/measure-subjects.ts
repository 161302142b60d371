import { cpuTimeMs } from "./cpu-time.ts";
import { residentBytes, watchResidentMemory } from "./resident-memory.ts";
import { callEcho, seriesFigures, type EchoCaller, type SeriesFigures } from "./series.ts";
import type { Subject } from "./subjects.ts";

export interface SubjectFigures {
  readonly name: string;
  readonly alone: SeriesFigures;
  readonly together: SeriesFigures;
  readonly idleBytes?: number;
  readonly loadedBytes?: number;
  /** CPU time of the proxy for one of the calls together. */
  readonly cpuPerCallMs?: number;
}

interface SeriesPlan {
  readonly clients: number;
  readonly rounds: number;
  readonly callsPerRound: number;
}

const alonePlan: SeriesPlan = { clients: 1, rounds: 9, callsPerRound: 400 };
const togetherPlan: SeriesPlan = { clients: 32, rounds: 4, callsPerRound: 3_000 };
const roundDeadlineMs = 3_000;

/**
 * Both series of all subjects, with the memory of each proxy before and the highest during them. The subjects take turns:
 * a machine's pace changes within seconds, and a difference between two of them must not be a difference between two moments.
 */
export async function measureSubjects(subjects: readonly Subject[]): Promise<readonly SubjectFigures[]> {
  const memories = subjects.map(({ pid }) =>
    pid === undefined ? undefined : { idleBytes: residentBytes(pid), watch: watchResidentMemory(pid) },
  );
  const alone = await takeTurns(subjects, alonePlan);
  const together = await takeTurns(subjects, togetherPlan);
  return subjects.map(({ name, pid }, index) => {
    const memory = memories[index];
    const turns = figuresAt(together, index);
    return {
      name,
      alone: figuresAt(alone, index),
      together: turns,
      ...(pid !== undefined && { cpuPerCallMs: turns.cpuMs / turns.calls }),
      ...(memory && { idleBytes: memory.idleBytes, loadedBytes: memory.watch.stop() }),
    };
  });
}

interface Turns {
  readonly pid: number | undefined;
  readonly callers: readonly EchoCaller[];
  readonly latencies: number[];
  elapsedMs: number;
  cpuMs: number;
}

type TurnFigures = SeriesFigures & { readonly cpuMs: number };

async function takeTurns(subjects: readonly Subject[], plan: SeriesPlan): Promise<readonly TurnFigures[]> {
  const all: Turns[] = [];
  try {
    for (const { pid, callers } of subjects)
      all.push({ pid, callers: await callers(plan.clients), latencies: [], elapsedMs: 0, cpuMs: 0 });
    await takeRound(all, plan);
    // What the first round measured was the warming up.
    for (const turns of all) Object.assign(turns, { latencies: [], elapsedMs: 0, cpuMs: 0 });
    for (let round = 0; round < plan.rounds; round += 1) await takeRound(all, plan);
    return all.map(({ callers, cpuMs, latencies, elapsedMs }) => ({
      ...seriesFigures({ clients: callers.length, latencies, elapsedMs }),
      cpuMs,
    }));
  } finally {
    for (const { callers } of all) for (const caller of callers) await caller.close();
  }
}

async function takeRound(all: readonly Turns[], plan: SeriesPlan): Promise<void> {
  for (const turns of all) {
    const cpuBeforeMs = turns.pid === undefined ? 0 : cpuTimeMs(turns.pid);
    const round = await callEcho({ callers: turns.callers, calls: plan.callsPerRound, deadlineMs: roundDeadlineMs });
    turns.latencies.push(...round.latencies);
    turns.elapsedMs += round.elapsedMs;
    if (turns.pid !== undefined) turns.cpuMs += cpuTimeMs(turns.pid) - cpuBeforeMs;
  }
}

function figuresAt(figures: readonly TurnFigures[], index: number): TurnFigures {
  const found = figures[index];
  if (found === undefined) throw new Error(`Subject ${index} has no figures.`);
  return found;
}
