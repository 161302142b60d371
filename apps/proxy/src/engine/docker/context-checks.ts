import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { createDockerConnector } from "./docker-connector.ts";
import type { DockerEnvironment } from "./docker-endpoint.ts";
import { probeEngine } from "./probe-engine.ts";

const answerLivesMs = 5_000;

interface Check {
  readonly askedMs: number;
  readonly status: Promise<EngineStatus>;
}

/** Asks engines that nobody uses whether they answer, but not for every reader anew: one that is away takes seconds. */
export class ContextChecks {
  private readonly environment: DockerEnvironment;
  private readonly latest = new Map<string, Check>();

  constructor(environment: DockerEnvironment) {
    this.environment = environment;
  }

  /** The record with an answer; as it is when its engine is watched anyway. */
  async check(record: DockerContextRecord): Promise<DockerContextRecord> {
    if (record.state !== "unchecked") return record;
    const { state, version, problem, endpoint } = await this.ask(record);
    return { ...record, endpoint, state, version, problem };
  }

  private ask({ name, endpoint }: DockerContextRecord): Promise<EngineStatus> {
    const key = `${name} ${endpoint}`;
    const known = this.latest.get(key);
    const nowMs = performance.now();
    if (known !== undefined && nowMs - known.askedMs < answerLivesMs) return known.status;
    const status = probeEngine(this.connectorOf(name));
    this.latest.set(key, { askedMs: nowMs, status });
    return status;
  }

  private connectorOf(name: string): ReturnType<typeof createDockerConnector> {
    if (name === "DOCKER_HOST") return createDockerConnector(this.environment);
    return createDockerConnector({ ...this.environment, dockerHost: undefined }, { kind: "context", name });
  }
}
