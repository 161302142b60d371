import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { endsWithin } from "../ends-within.ts";
import { EngineError } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { openEventStream } from "./event-stream.ts";
import type { ContainerEvent } from "./parse-event.ts";
import { probeEngine, unavailableStatus } from "./probe-engine.ts";

const firstRetryMs = 500;
const lastRetryMs = 5_000;
const slowCheckMs = 30_000;
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
}

export interface EngineWatch {
  readonly status: EngineStatus;
  probe(): Promise<EngineStatus>;
  onStatusChange(listener: (status: EngineStatus) => void): void;
  /** Resolves when events are being received; rejects with EngineError stage "engine" when the engine is away right now. */
  connected(): Promise<void>;
  /** Resolves when events flow again, or after a while; false once the watch is closed. */
  whenBack(): Promise<boolean>;
  close(): Promise<void>;
}

/** Keeps one events stream open to the engine and knows whether the engine is there. */
export function watchEngine({ connector, instanceId, onEvent, onReconnected }: EngineWatchRequest): EngineWatch {
  const closing = new AbortController();
  const listeners = new Set<(status: EngineStatus) => void>();
  let status = unavailableStatus(connector.endpoint, new EngineError("Docker was not asked yet.", { stage: "engine" }));
  let attempt = Promise.withResolvers<void>();
  let wake = Promise.withResolvers<void>();
  let opened = Promise.withResolvers<void>();
  let sinceNano: number | undefined;
  let lostAt: string | undefined;

  const setStatus = (next: EngineStatus): void => {
    const isChange = next.state !== status.state;
    status = next;
    if (isChange) for (const listener of listeners) listener(next);
  };
  const probe = async (): Promise<EngineStatus> => {
    const next = await probeEngine(connector);
    if (!closing.signal.aborted) setStatus(next);
    return next;
  };
  const handleEvent = (event: ContainerEvent): void => {
    sinceNano = Math.max(sinceNano ?? 0, event.timeNano);
    onEvent(event);
  };
  const handleOpen = (): void => {
    attempt.resolve();
    opened.resolve();
    opened = Promise.withResolvers();
    sinceNano ??= Date.now() * 1e6;
    if (lostAt !== undefined) onReconnected({ from: lostAt, to: new Date().toISOString() });
    lostAt = undefined;
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
    const slowCheck = setInterval(() => {
      void probe().then((next) => next.state === "unavailable" && lost.abort());
    }, slowCheckMs).unref();
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
      clearInterval(slowCheck);
      lostAt ??= new Date().toISOString();
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
