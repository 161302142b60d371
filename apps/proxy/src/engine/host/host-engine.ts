import type { Engine, HostLaunch } from "../engine.ts";
import { createHostWorkload } from "./host-workload.ts";

export interface HostEngineRequest {
  /** The few variables of this process that every server gets; the rest may hold secrets. */
  readonly inherited: Readonly<Record<string, string>>;
}

/** Runs servers as processes of this machine, without isolation, for those whose config says so. */
export function createHostEngine({ inherited }: HostEngineRequest): Engine<HostLaunch> {
  return {
    kind: "host",
    create: (launch, output) => Promise.resolve(createHostWorkload({ launch, output, inherited })),
  };
}
