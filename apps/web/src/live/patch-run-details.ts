import type { RunEvent, RunSample } from "@mcpproxy/core/run/run-record";

// An hour of one sample a second; the stored history stays complete, this bounds only what a page holds.
const maximumSamples = 3_600;

/** The timeline with one event added; an event that is there already changes nothing. */
export function patchRunEvents<E extends Pick<RunEvent, "id">>(events: readonly E[], event: E): E[] {
  return events.some((known) => known.id === event.id) ? [...events] : [...events, event];
}

/** The samples with one reading added at the end. */
export function patchRunSamples<S extends RunSample>(samples: readonly S[], sample: S): S[] {
  const last = samples.at(-1);
  if (last !== undefined && last.at >= sample.at) return [...samples];
  return [...samples, sample].slice(-maximumSamples);
}
