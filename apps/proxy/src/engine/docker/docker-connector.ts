import type Docker from "dockerode";
import { EngineError } from "../engine.ts";
import { resolveDockerEndpoint, type DockerEndpoint, type DockerEnvironment } from "./docker-endpoint.ts";
import { describeUnreachable } from "./docker-error.ts";

export interface DockerConnection {
  readonly docker: Docker;
  readonly endpoint: DockerEndpoint;
}

/** Connects to the engine on first use, and again after an address that could not be resolved. */
export interface DockerConnector {
  connect(): Promise<DockerConnection>;
  /** Turns an error of a Docker call that never reached the engine into one with a remedy. */
  unreachable(error: unknown): EngineError;
  readonly endpoint: Pick<DockerEndpoint, "context" | "endpoint">;
}

/** @throws EngineError stage "engine" from connect when the environment names no usable engine */
export function createDockerConnector(environment: DockerEnvironment): DockerConnector {
  let pending: Promise<DockerConnection> | undefined;
  let endpoint: Pick<DockerEndpoint, "context" | "endpoint"> = {
    context: environment.dockerHost ? "DOCKER_HOST" : environment.dockerContext || "default",
    endpoint: environment.dockerHost || "unknown",
  };
  const open = async (): Promise<DockerConnection> => {
    const resolved = await resolveDockerEndpoint(environment);
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
