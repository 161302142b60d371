import { setTimeout as pause } from "node:timers/promises";
import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { EngineError } from "../engine.ts";
import { nameBeforehand } from "./docker-connector.ts";
import {
  chooseEngine,
  locateEngine,
  type ChosenEngine,
  type DockerEndpoint,
  type DockerEnvironment,
} from "./docker-endpoint.ts";
import { unavailableStatus } from "./probe-engine.ts";
import type { SocketProbe } from "./well-known-sockets.ts";

const secondLookMs = 250;

export interface LookUpRequest {
  readonly selection: EngineSelection;
  readonly environment: DockerEnvironment;
  readonly sockets: SocketProbe;
}

export type EngineLookUp =
  | { readonly kind: "found"; readonly endpoint: DockerEndpoint }
  | { readonly kind: "failed"; readonly status: EngineStatus; readonly reason: string };

/** Where a selection leads, or why nowhere. A failure is looked at twice: the files may be half written right now. */
export async function lookUpEngine(request: LookUpRequest): Promise<EngineLookUp> {
  const first = await lookUpOnce(request);
  if (first.kind === "found") return first;
  await pause(secondLookMs);
  return await lookUpOnce(request);
}

async function lookUpOnce({ selection, environment, sockets }: LookUpRequest): Promise<EngineLookUp> {
  let chosen: ChosenEngine | undefined;
  try {
    chosen = await chooseEngine(selection, environment);
    return { kind: "found", endpoint: await locateEngine(chosen, environment, sockets) };
  } catch (error) {
    const beforehand = nameBeforehand(environment, selection);
    const name = { ...beforehand, context: chosen?.context ?? beforehand.context };
    return { kind: "failed", status: unavailableStatus(name, asEngineError(error)), reason: chosen?.reason ?? "" };
  }
}

function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const message = `The Docker engine cannot be looked up: ${error instanceof Error ? error.message : String(error)}`;
  return new EngineError(message, { stage: "engine" }, { cause: error });
}
