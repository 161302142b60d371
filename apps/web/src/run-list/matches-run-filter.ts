import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { spanStartMs } from "./last-span.ts";
import type { RunFilter } from "./run-filter.ts";

/** Whether a run belongs to a filtered list now; the same rules as the proxy's own search. */
export function matchesRunFilter(run: RunRecord, filter: RunFilter, nowMs: number): boolean {
  const { server, state, verdict, image, exitCode, text } = filter;
  if (!allows(server, run.server) || !allows(state, run.state)) return false;
  if (!allows(verdict, run.verdict?.kind) || !allows(image, run.image) || !allows(exitCode, run.exitCode)) return false;
  if (!isInTime(Date.parse(run.startedAt), filter, nowMs)) return false;
  return text === undefined || mentions(run, text.toLowerCase());
}

function allows<Value>(wanted: readonly Value[] | undefined, value: Value | null | undefined): boolean {
  return wanted === undefined || wanted.some((each) => each === value);
}

function isInTime(startedMs: number, { last, from, to }: RunFilter, nowMs: number): boolean {
  if (last !== undefined && startedMs < spanStartMs(last, nowMs)) return false;
  return (from === undefined || startedMs >= Date.parse(from)) && (to === undefined || startedMs < Date.parse(to));
}

function mentions(run: RunRecord, text: string): boolean {
  return [run.server, run.image, run.verdict?.summary].some((value) => value?.toLowerCase().includes(text) === true);
}
