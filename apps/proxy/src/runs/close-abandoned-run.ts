import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { classifyExit } from "@mcpproxy/core/verdict/classify-exit";
import type { ExitEvidence, PolicyReason, StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import type { AbandonedEnd, ContainerEngine, OwnedContainer } from "../engine/engine.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { StderrTail } from "./stderr-tail.ts";

export type AbandonedRun = { readonly run: RunRecord; readonly dependencies: RunDependencies } & (
  | { readonly container: OwnedContainer | undefined; readonly engine: ContainerEngine }
  | { readonly container: undefined; readonly engine?: undefined }
);

/** Gives a run that an earlier MCPProxy left open its end and its verdict; its container is stopped, and stays. */
export async function closeAbandonedRun(abandoned: AbandonedRun): Promise<Verdict> {
  const { run, container, engine, dependencies } = abandoned;
  const { store, clock, mainLog, feed, redact } = dependencies;
  const intents = [...(await store.runs.intents(run.id))];
  const isStoppedNow = container?.isRunning === true && intents.length === 0;
  if (isStoppedNow) intents.push(await intend(abandoned, recovered));
  const end = container === undefined ? undefined : await engine.endAbandoned(container.id);
  // When MCPProxy dies, so do its servers' inputs: a clean exit after that was not the server's own idea.
  if (intents.length === 0 && end?.exitCode === 0) intents.push(intentOf(abandoned, recovered));
  const hasRun = hasHadProcess(run, end);
  if (intents.length === 0 && !hasRun) intents.push(await intend(abandoned, interrupted(run)));
  const endedAt = hasRun ? (end?.endedAt ?? clock.timestamp()) : await lastSignOfLife(abandoned);
  const stderrTail = tailOf(run, (end?.stderrLines ?? []).map(redact));
  const verdict = classifyExit(
    evidenceOf({ run: { ...run, stderrTail }, end, intents, endedAt, now: clock.timestamp() }),
  );
  const changes: Partial<RunRecord> = {
    state: "ended",
    verdict,
    endedAt,
    durationMs: Math.max(0, Date.parse(endedAt) - Date.parse(run.startedAt)),
    exitCode: end?.exitCode ?? null,
    oomKilled: end?.isOomFlagSet ?? false,
    stoppedBy: intents.at(-1)?.actor ?? null,
    stderrTail,
  };
  await store.runs.update(run.id, changes);
  await store.runs.addEvent({ runId: run.id, at: endedAt, kind: "ended", message: verdict.summary, durationMs: null });
  feed.publish({ kind: "run", run: { ...run, ...changes } });
  mainLog.info(
    { server: run.server, run: run.id, verdict: verdict.kind },
    `run of an earlier MCPProxy closed: ${verdict.summary}`,
  );
  return verdict;
}

interface PolicyStop {
  readonly policy: PolicyReason;
  readonly detail: string;
}

const recovered: PolicyStop = { policy: "recovered", detail: "MCPProxy had ended without stopping it" };

function interrupted({ state, image }: RunRecord): PolicyStop {
  const step = {
    pulling: `it was still at the image ${image ?? ""}`.trimEnd(),
    creating: "it was creating the container",
  };
  const detail =
    state === "pulling" || state === "creating" ? step[state] : "its container was created, but not started";
  return { policy: "interrupted", detail };
}

function intentOf({ dependencies }: AbandonedRun, { policy, detail }: PolicyStop): StopIntent {
  return { at: dependencies.clock.timestamp(), actor: "mcpproxy", reason: { kind: "policy", policy, detail } };
}

async function intend(abandoned: AbandonedRun, stop: PolicyStop): Promise<StopIntent> {
  const intent = intentOf(abandoned, stop);
  await abandoned.dependencies.store.runs.recordIntent(abandoned.run.id, intent);
  return intent;
}

/** False only when it is certain: a container that is gone may have run. */
function hasHadProcess({ isolation, state }: RunRecord, end: AbandonedEnd | undefined): boolean {
  if (isolation !== "docker") return true;
  if (end === undefined) return state !== "pulling" && state !== "creating";
  return end.containerState !== "created" || end.exitCode !== undefined;
}

/** A run that came to nothing ended when MCPProxy did, about when it wrote the last line. */
async function lastSignOfLife({ run, dependencies }: AbandonedRun): Promise<string> {
  const events = await dependencies.store.runs.events(run.id);
  return events.at(-1)?.at ?? run.startedAt;
}

function tailOf({ stderrTail }: RunRecord, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return stderrTail;
  const tail = new StderrTail();
  for (const line of lines) tail.add(line);
  return tail.read();
}

function evidenceOf(input: {
  readonly run: RunRecord;
  readonly end: AbandonedEnd | undefined;
  readonly intents: readonly StopIntent[];
  readonly endedAt: string;
  readonly now: string;
}): ExitEvidence {
  const { run, end, intents, endedAt, now } = input;
  return {
    isolation: run.isolation,
    command: run.command,
    ...(run.image === null ? {} : { image: run.image }),
    startedAt: run.startedAt,
    ...(run.readyAt === null ? {} : { readyAt: run.readyAt }),
    endedAt,
    containerState: end?.containerState ?? "none",
    ...(end?.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    isOomFlagSet: end?.isOomFlagSet ?? false,
    ...(end?.stateError === undefined ? {} : { stateError: end.stateError }),
    events: end?.events ?? [],
    intents,
    stopSteps: [],
    memory: {
      ...(run.limits.memoryBytes === null ? {} : { limitBytes: run.limits.memoryBytes }),
      ...(run.peakMemoryBytes === null ? {} : { peakBytes: run.peakMemoryBytes }),
    },
    stderrTail: run.stderrTail,
    eventGap: { from: run.startedAt, to: now },
    otherDeathsInSameSecond: 0,
    isSessionScoped: false,
    stopTimeoutMs: 10_000,
  };
}
