import { endsWithin, withinDeadline } from "../../waiting/deadline.ts";
import type { WorkloadEnd } from "../engine.ts";
import type { Attachment } from "./attachment.ts";
import type { EventLog } from "./event-log.ts";
import type { ContainerState } from "./inspect-outcome.ts";

const killedExitCode = 137;
/** An oom event comes 30 to 95 ms before die on a healthy engine; late ones were seen up to 250 ms. */
const lateEventsMs = 250;
const outputGraceMs = 500;
/** An engine that clears up after many containers at once answers after seconds: those who wait are told what is known. */
const inspectPatienceMs = 250;

export interface ContainerEndRequest {
  readonly log: EventLog;
  readonly attachment: Pick<Attachment, "outputEnd">;
  /** Resolves at the next event of this container. */
  nextEvent(): Promise<void>;
  /** Asks the engine, through reconnects if it must. */
  inspect(): Promise<ContainerState>;
}

/**
 * Gathers the facts of a container that has just ended, as fast as they are there: calls wait for them. What a busy
 * engine answers late, and the event that explains a kill, follow in `confirmed`.
 */
export async function gatherContainerEnd(request: ContainerEndRequest): Promise<WorkloadEnd> {
  const { log } = request;
  const die = dieOf(log);
  const inspected = request.inspect();
  const [first] = await Promise.all([
    die?.exitCode === undefined ? inspected : withinDeadline(inspected, inspectPatienceMs),
    request.attachment.outputEnd(outputGraceMs),
  ]);
  const facts = first === "timed-out" ? factsOfEvents(log) : first;
  const end = toWorkloadEnd({ facts, log });
  if (isUnexplained(end, log)) return { ...end, confirmed: explainKill(request, inspected) };
  if (first === "timed-out")
    return { ...end, confirmed: inspected.then((known) => toWorkloadEnd({ facts: known, log })) };
  return end;
}

/** What the events tell of a container that has died. */
function factsOfEvents(log: EventLog): ContainerState {
  const die = dieOf(log);
  return {
    state: "exited",
    isOomFlagSet: log.has("oom"),
    ...(die?.exitCode === undefined ? {} : { exitCode: die.exitCode }),
    ...(die === undefined ? {} : { finishedAt: die.at }),
  };
}

function dieOf({ events }: EventLog) {
  return events.findLast((event) => event.action === "die");
}

function isUnexplained({ exitCode }: WorkloadEnd, log: EventLog): boolean {
  return exitCode === killedExitCode && !isExplained(log);
}

function isExplained(log: EventLog): boolean {
  return log.has("oom", "kill", "stop");
}

/** The end with the event that says who killed it, if one comes. */
async function explainKill(request: ContainerEndRequest, inspected: Promise<ContainerState>): Promise<WorkloadEnd> {
  const { log } = request;
  await waitForExplanation(request);
  // The OOM flag is set by the same late event: without one there is nothing new to see.
  const facts = isExplained(log) ? await request.inspect() : await inspected;
  return toWorkloadEnd({ facts, log });
}

/** The end as the port tells it, from what inspect and the events say. */
export function toWorkloadEnd({ facts, log }: { readonly facts: ContainerState; readonly log: EventLog }): WorkloadEnd {
  const die = dieOf(log);
  const exitCode = facts.exitCode ?? die?.exitCode;
  const endedAt = facts.finishedAt ?? die?.at;
  return {
    endedAt: endedAt === undefined ? new Date().toISOString() : log.toOurTime(endedAt),
    containerState: isStartedAgain(log) ? "running" : facts.state,
    isOomFlagSet: facts.isOomFlagSet,
    events: log.events.map((event) => ({ ...event, at: log.toOurTime(event.at) })),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(facts.stateError === undefined ? {} : { stateError: facts.stateError }),
    ...(log.gap === undefined ? {} : { eventGap: log.gap }),
  };
}

/** `docker restart` from outside: what was looked at in between is not how it is now. */
function isStartedAgain({ events }: EventLog): boolean {
  const died = events.findLast(({ action }) => action === "die");
  return events.some(({ action, at }) => action === "start" && died !== undefined && at > died.at);
}

async function waitForExplanation({ log, nextEvent }: ContainerEndRequest): Promise<void> {
  const deadline = performance.now() + lateEventsMs;
  while (!isExplained(log)) {
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0 || !(await endsWithin(nextEvent(), remainingMs))) return;
  }
}
