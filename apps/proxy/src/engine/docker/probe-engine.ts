import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { z } from "zod";
import type { EngineError } from "../engine.ts";
import { endsWithin, withDeadline } from "../../waiting/deadline.ts";
import type { DockerConnector, EngineName } from "./docker-connector.ts";
import { readEngineInfo, type EngineInfo } from "./engine-info.ts";

const probeTimeoutMs = 5_000;
const pingTimeoutMs = 10_000;

const versionSchema = z.object({ Version: z.string(), ApiVersion: z.string() });

/** Asks the engine who it is and what it enforces; an engine that cannot be reached is an answer, not an error. */
export async function probeEngine(connector: DockerConnector): Promise<EngineStatus> {
  // An engine that takes connections but never answers is asked for as long as that lasts: none may stay open.
  const asking = new AbortController();
  try {
    const { version, info } = await withDeadline(askEngine(connector, asking.signal), {
      timeoutMs: probeTimeoutMs,
      createError: () => new Error(`no answer within ${probeTimeoutMs / 1000} s`),
    });
    return {
      state: "available",
      ...connectorNames(connector),
      version: version.Version,
      apiVersion: version.ApiVersion,
      cgroupVersion: info.CgroupVersion ?? null,
      memoryBytes: info.MemTotal ?? null,
      warnings: limitWarnings(info),
      problem: null,
      checkedAt: new Date().toISOString(),
    };
  } catch (error) {
    return unavailableStatus(connector.endpoint, connector.unreachable(error));
  } finally {
    asking.abort();
  }
}

/** Whether it answers at all within a long time: a busy engine may need more than a probe waits. */
export async function isAnswering(connector: DockerConnector): Promise<boolean> {
  const asking = new AbortController();
  try {
    const { docker } = await connector.connect();
    const engine: AbortableDocker = docker;
    return await endsWithin(engine.ping({ abortSignal: asking.signal }), pingTimeoutMs);
  } catch {
    // The caller asks what the matter is.
    return false;
  } finally {
    asking.abort();
  }
}

/** The status of an engine that could not be asked, or was not asked yet. */
export function unavailableStatus({ context, endpoint }: EngineName, error: EngineError): EngineStatus {
  const remedy = error.detail.stage === "engine" ? error.detail.remedy : undefined;
  return {
    state: "unavailable",
    context,
    endpoint,
    version: null,
    apiVersion: null,
    cgroupVersion: null,
    memoryBytes: null,
    warnings: [],
    problem: { message: error.message, remedy: remedy ?? "Check Docker with `docker version`." },
    checkedAt: new Date().toISOString(),
  };
}

/** The client's types leave the options out. */
interface AbortableDocker {
  version(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  ping(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

async function askEngine(connector: DockerConnector, abortSignal: AbortSignal) {
  const { docker } = await connector.connect();
  const engine: AbortableDocker = docker;
  const [version, info] = await Promise.all([engine.version({ abortSignal }), readEngineInfo(docker, { abortSignal })]);
  return { version: versionSchema.parse(version), info };
}

function connectorNames({ endpoint }: DockerConnector): Pick<EngineStatus, "context" | "endpoint"> {
  return { context: endpoint.context, endpoint: endpoint.endpoint };
}

/** A limit that is asked for but not enforced must be said aloud. */
function limitWarnings(info: EngineInfo): string[] {
  const missing: readonly (readonly [boolean, string])[] = [
    [info.MemoryLimit, "Docker does not enforce memory limits on this host: memory_limit has no effect."],
    [
      info.SwapLimit,
      "Docker does not enforce swap limits on this host: a server over its memory_limit may swap instead of being stopped.",
    ],
    [info.CpuCfsQuota, "Docker does not enforce CPU limits on this host: cpu_limit has no effect."],
    [info.PidsLimit, "Docker does not enforce process limits on this host: pids_limit has no effect."],
  ];
  return missing.filter(([isEnforced]) => !isEnforced).map(([, sentence]) => sentence);
}
