import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { endsWithin } from "../../waiting/deadline.ts";
import { EngineError } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { openEventStream } from "./event-stream.ts";
import type { ContainerEvent } from "./parse-event.ts";
import { isAnswering, probeEngine, unavailableStatus } from "./probe-engine.ts";

const firstRetryMs = 500;
const lastRetryMs = 5_000;
/** How soon a daemon is noticed that takes connections but never answers. */
const slowCheckMs = 10_000;
/** A stream that ends as soon as it opens must not become a busy loop. */
const reconnectMs = 50;

/** While nobody listened: the engine was away or its events stream was cut. */
export interface EventGap {
  readonly from: string;
  readonly to: string;
}

export interface EngineWatchRequest {
  readonly connector: DockerConnector;
  readonly instanceId: string;
  onEvent(event: ContainerEvent): void;
  /** The events stream is back after a gap: what happened in between has to be asked. */
  onReconnected(gap: EventGap): void;
  /** The same, where the engine answered all the time and nothing but its stream of events was away. */
  onEventsMissed(gap: EventGap): void;
}

export interface EngineWatch {
  readonly status: EngineStatus;
  probe(): Promise<EngineStatus>;
  onStatusChange(listener: (status: EngineStatus) => void): void;
  /** Resolves when events are being received; rejects with EngineError stage "engine" when the engine is away right now. */
  connected(): Promise<void>;
  /** Resolves when events flow again, after a while where they never ceased to; false once the watch is closed. */
  whenBack(): Promise<boolean>;
  close(): Promise<void>;
}

/** Keeps one events stream open to the engine and knows whether the engine is there. */
export function watchEngine(request: EngineWatchRequest): EngineWatch {
  const { connector, instanceId } = request;
  const closing = new AbortController();
  const listeners = new Set<(status: EngineStatus) => void>();
  let status = unavailableStatus(connector.endpoint, new EngineError("Docker was not asked yet.", { stage: "engine" }));
  let attempt = Promise.withResolvers<void>();
  let wake = Promise.withResolvers<void>();
  let opened = Promise.withResolvers<void>();
  let sinceNano: number | undefined;
  let lostAt: string | undefined;
  let wasAway = false;

  const setStatus = (next: EngineStatus): void => {
    const isChange = next.state !== status.state;
    status = next;
    wasAway ||= next.state === "unavailable";
    if (isChange) for (const listener of listeners) listener(next);
  };
  const probe = async (): Promise<EngineStatus> => {
    const next = await probeEngine(connector);
    if (!closing.signal.aborted) setStatus(next);
    return next;
  };
  const handleEvent = (event: ContainerEvent): void => {
    // Not the latest time of all: after a clock that was set back, that one would hide what is missed next.
    sinceNano = event.timeNano;
    request.onEvent(event);
  };
  const handleOpen = (): void => {
    attempt.resolve();
    opened.resolve();
    opened = Promise.withResolvers();
    sinceNano ??= Date.now() * 1e6;
    if (lostAt !== undefined) noteGap(gapSince(lostAt));
    lostAt = undefined;
  };
  const noteLoss = (): void => {
    lostAt = new Date().toISOString();
    wasAway = status.state === "unavailable";
  };
  const noteGap = (gap: EventGap): void => {
    request.onReconnected(gap);
    if (!wasAway) request.onEventsMissed(gap);
  };
  /** False when it is not there any more. A busy engine may be late with a probe, and that alone is no outage. */
  const isStillThere = async (): Promise<boolean> => {
    const next = await probeEngine(connector);
    if (next.state === "available" && !closing.signal.aborted) setStatus(next);
    return next.state === "available" || (await isAnswering(connector));
  };

  /** One connection from probe to loss; tells whether events were received at all. */
  const runOnce = async (): Promise<boolean> => {
    const { state, problem } = await probe();
    if (state === "unavailable") {
      attempt.reject(
        new EngineError(problem?.message ?? "Docker cannot be reached.", {
          stage: "engine",
          ...(problem ? { remedy: problem.remedy } : {}),
        }),
      );
      return false;
    }
    const lost = new AbortController();
    const slowCheck = repeat(isStillThere, () => lost.abort());
    const signal = AbortSignal.any([closing.signal, lost.signal]);
    try {
      return await openEventStream({
        connector,
        instanceId,
        sinceNano,
        signal,
        onOpen: handleOpen,
        onEvent: handleEvent,
      });
    } finally {
      slowCheck.stop();
      if (lostAt === undefined) noteLoss();
      attempt.reject(connector.unreachable(new Error("the stream of events ended")));
    }
  };

  const run = async (): Promise<void> => {
    let retryMs = firstRetryMs;
    while (!closing.signal.aborted) {
      // Nobody may be waiting for this attempt, and then its failure is no news.
      attempt.promise.catch(() => undefined);
      const wasConnected = await runOnce();
      attempt = Promise.withResolvers();
      if (closing.signal.aborted) break;
      await endsWithin(wake.promise, wasConnected ? reconnectMs : retryMs);
      wake = Promise.withResolvers();
      retryMs = wasConnected ? firstRetryMs : Math.min(retryMs * 2, lastRetryMs);
    }
    attempt.promise.catch(() => undefined);
    attempt.reject(new EngineError("The engine was closed.", { stage: "engine" }));
  };
  const finished = run();

  return {
    get status() {
      return status;
    },
    probe,
    onStatusChange: (listener) => void listeners.add(listener),
    connected() {
      wake.resolve();
      return attempt.promise;
    },
    async whenBack() {
      await endsWithin(opened.promise, lastRetryMs);
      // An engine that answers again is not enough: whoever asks it now is to know of the gap.
      while (lostAt !== undefined && !closing.signal.aborted) {
        wake.resolve();
        await endsWithin(opened.promise, lastRetryMs);
      }
      return !closing.signal.aborted;
    },
    async close() {
      closing.abort();
      opened.resolve();
      wake.resolve();
      await finished;
    },
  };
}

/** Asks now and then, never twice at a time, until the answer is no. */
function repeat(isFine: () => Promise<boolean>, onNo: () => void): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const ask = async (): Promise<void> => {
    const isStillFine = await isFine();
    if (isStopped) return;
    if (isStillFine) plan();
    else onNo();
  };
  const plan = (): void => {
    timer = setTimeout(() => void ask(), slowCheckMs).unref();
  };
  plan();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Until now; a clock that was set back meanwhile must not let it end before it began. */
function gapSince(from: string): EventGap {
  const now = new Date().toISOString();
  return { from, to: now < from ? from : now };
}
