import { withinDeadline } from "../../waiting/deadline.ts";
import type { WorkloadEnd } from "../engine.ts";
import type { Attachment } from "./attachment.ts";
import type { EventLog } from "./event-log.ts";
import type { ContainerState } from "./inspect-outcome.ts";

const killedExitCode = 137;
/** An oom event comes 30 to 95 ms before die on a healthy engine; late ones were seen up to 250 ms. */
const lateEventsMs = 250;
const outputGraceMs = 500;
/** An engine that clears up after many containers at once answers after seconds: those who wait are told what is known. */
const inspectPatienceMs = 1_000;

export interface ContainerEndRequest {
  readonly log: EventLog;
  readonly attachment: Pick<Attachment, "outputEnd">;
  /** Resolves at the next event of this container. */
  nextEvent(): Promise<void>;
  /** Asks the engine, through reconnects if it must. */
  inspect(): Promise<ContainerState>;
}

/** Gathers the facts of a container that has just ended. */
export async function gatherContainerEnd(request: ContainerEndRequest): Promise<WorkloadEnd> {
  const { log } = request;
  const die = log.events.findLast((event) => event.action === "die");
  const inspected = request.inspect();
  const [first] = await Promise.all([
    die?.exitCode === undefined ? inspected : withinDeadline(inspected, inspectPatienceMs),
    request.attachment.outputEnd(outputGraceMs),
  ]);
  if (first === "timed-out") return endByEvents(request, inspected);
  const isExplained = (): boolean => log.has("oom", "kill", "stop");
  let facts = first;
  if ((die?.exitCode ?? first.exitCode) === killedExitCode && !isExplained()) {
    await waitForExplanation(request, isExplained);
    // The OOM flag is set by the same late event: without one there is nothing new to see.
    if (isExplained()) facts = await request.inspect();
  }
  return toWorkloadEnd({ facts, log });
}

/** What the events tell; what inspect says follows. */
async function endByEvents(request: ContainerEndRequest, inspected: Promise<ContainerState>): Promise<WorkloadEnd> {
  const { log } = request;
  const die = log.events.findLast((event) => event.action === "die");
  const facts: ContainerState = {
    state: "exited",
    isOomFlagSet: log.has("oom"),
    ...(die?.exitCode === undefined ? {} : { exitCode: die.exitCode }),
    ...(die === undefined ? {} : { finishedAt: die.at }),
  };
  return {
    ...toWorkloadEnd({ facts, log }),
    confirmed: inspected.then((known) => toWorkloadEnd({ facts: known, log })),
  };
}

/** The end as the port tells it, from what inspect and the events say. */
export function toWorkloadEnd({ facts, log }: { readonly facts: ContainerState; readonly log: EventLog }): WorkloadEnd {
  const die = log.events.findLast((event) => event.action === "die");
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

async function waitForExplanation(request: ContainerEndRequest, isExplained: () => boolean): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    resolve();
  }, lateEventsMs);
  while (!isOver && !isExplained()) await Promise.race([request.nextEvent(), timeout]);
  clearTimeout(timer);
}
