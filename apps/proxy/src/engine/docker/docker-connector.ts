import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import type Docker from "dockerode";
import { EngineError } from "../engine.ts";
import {
  configuredHostName,
  resolveSelection,
  type DockerEndpoint,
  type DockerEnvironment,
} from "./docker-endpoint.ts";
import { describeUnreachable } from "./docker-error.ts";

export interface DockerConnection {
  readonly docker: Docker;
  readonly endpoint: DockerEndpoint;
}

/** What is known of an engine before and after it was found. */
export type EngineName = Pick<DockerEndpoint, "context" | "endpoint">;

/** Connects to the engine on first use, and again after an address that could not be resolved. */
export interface DockerConnector {
  connect(): Promise<DockerConnection>;
  /** Turns an error of a Docker call that never reached the engine into one with a remedy. */
  unreachable(error: unknown): EngineError;
  readonly endpoint: EngineName;
}

/** An engine to look for, or one that was found already. */
export type DockerTarget = EngineSelection | { readonly kind: "found"; readonly endpoint: DockerEndpoint };

/** @throws EngineError stage "engine" from connect when the target names no usable engine */
export function createDockerConnector(
  environment: DockerEnvironment,
  target: DockerTarget = { kind: "default" },
): DockerConnector {
  let pending: Promise<DockerConnection> | undefined;
  let endpoint = nameBeforehand(environment, target);
  const open = async (): Promise<DockerConnection> => {
    const resolved = target.kind === "found" ? target.endpoint : await resolveSelection(target, environment);
    endpoint = resolved;
    // Loaded on first use: it brings ssh2 and grpc, 145 ms and 15 MB.
    const { default: DockerClient } = await import("dockerode");
    return { docker: new DockerClient(resolved.connection), endpoint: resolved };
  };
  return {
    connect() {
      pending ??= open().catch((error: unknown) => {
        pending = undefined;
        throw error;
      });
      return pending;
    },
    unreachable(error) {
      if (error instanceof EngineError) return error;
      const { message, remedy } = describeUnreachable(error, endpoint);
      return new EngineError(message, { stage: "engine", remedy }, { cause: error });
    },
    get endpoint() {
      return endpoint;
    },
  };
}

/** How a target is called before anyone looked, and for ever when it cannot be found. */
export function nameBeforehand(environment: DockerEnvironment, target: DockerTarget): EngineName {
  switch (target.kind) {
    case "found":
      return target.endpoint;
    case "host":
      return { context: configuredHostName, endpoint: target.host };
    case "context":
      return { context: target.name, endpoint: "unknown" };
    case "default":
      return {
        context: environment.dockerHost ? "DOCKER_HOST" : environment.dockerContext || "default",
        endpoint: environment.dockerHost || "unknown",
      };
    default:
      return target satisfies never;
  }
}
