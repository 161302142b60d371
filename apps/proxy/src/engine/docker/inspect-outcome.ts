import type Docker from "dockerode";
import { z } from "zod";
import { isNotFound } from "./docker-error.ts";

const inspectSchema = z.object({
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.number(),
    Error: z.string().default(""),
    FinishedAt: z.string(),
    Pid: z.number().default(0),
  }),
});

/** The state of a container as far as it tells how a run ended. */
export interface ContainerState {
  readonly state: "created" | "exited" | "running" | "gone";
  readonly exitCode?: number;
  readonly isOomFlagSet: boolean;
  readonly stateError?: string;
  readonly finishedAt?: string;
  readonly pid?: number;
}

/** Asks the engine how a container is; one that no longer exists is "gone". */
export async function inspectState(docker: Docker, containerId: string): Promise<ContainerState> {
  try {
    return toContainerState(await docker.getContainer(containerId).inspect());
  } catch (error) {
    if (isNotFound(error)) return { state: "gone", isOomFlagSet: false };
    throw error;
  }
}

/** Reads the answer of GET /containers/ID/json. */
export function toContainerState(inspected: unknown): ContainerState {
  const { State } = inspectSchema.parse(inspected);
  const state = stateOf(State);
  return {
    state,
    isOomFlagSet: State.OOMKilled,
    ...(state === "exited" ? { exitCode: State.ExitCode, finishedAt: new Date(State.FinishedAt).toISOString() } : {}),
    // A container that could not start stays "created" but has the code of the failure.
    ...(state === "created" && State.ExitCode !== 0 ? { exitCode: State.ExitCode } : {}),
    ...(State.Error === "" ? {} : { stateError: State.Error }),
    ...(State.Pid > 0 ? { pid: State.Pid } : {}),
  };
}

function stateOf({ Status, Running }: { Status: string; Running: boolean }): "created" | "exited" | "running" {
  if (Running) return "running";
  return Status === "created" ? "created" : "exited";
}
