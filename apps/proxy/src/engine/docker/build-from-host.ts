import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { EngineError } from "../engine.ts";
import { createDockerConnector, type DockerTarget } from "./docker-connector.ts";
import type { DockerEnvironment } from "./docker-endpoint.ts";
import { engineMessageOf, isUnreachable } from "./docker-error.ts";
import { collectHostImage } from "./host-image-entries.ts";
import { imageError } from "./image-failure.ts";
import { withDefaultTag } from "./image-reference.ts";
import { createImageTar, type ImageEntry, type TarProgress } from "./image-tar.ts";
import { builtFromHostLabel } from "@mcpproxy/core/docker/labels";
import { parsePullLine } from "./pull-progress.ts";
import { readLines } from "./read-lines.ts";

export interface BuildFromHostRequest {
  readonly environment: DockerEnvironment;
  /** Which engine; what the docker command would use when absent. */
  readonly target?: DockerTarget;
  /** Name of the image, e.g. "node:20". */
  readonly tag: string;
  readonly nodePath: string;
  /** Becomes the image's /etc/ssl/certs/ca-certificates.crt; the host's own when absent. */
  readonly caBundlePath?: string;
  /** Files and folders that the image gets at the same place, with the libraries they need. */
  readonly extraPaths?: readonly string[];
  readonly signal: AbortSignal;
  onProgress(progress: TarProgress): void;
}

export interface BuiltImage {
  readonly tag: string;
  /** "v20.20.2" */
  readonly nodeVersion: string;
  readonly sizeBytes: number;
}

/**
 * Makes a Node image from this Linux host's own node, npm and libraries, for machines that reach no image registry.
 * @throws EngineError stage "image", or "engine" when the engine was not reached
 */
export async function buildImageFromHost(request: BuildFromHostRequest): Promise<BuiltImage> {
  if (process.platform !== "linux") {
    const message = `Images can be built from the host on Linux only, this is ${process.platform}. Pull one with \`docker pull ${request.tag}\`.`;
    throw new EngineError(message, { stage: "image", code: "wrong_platform" });
  }
  const nodeVersion = await readNodeVersion(request.nodePath);
  const entries = await collectHostImage({ ...request, extraPaths: request.extraPaths ?? [] });
  const connector = createDockerConnector(request.environment, request.target);
  const tag = withDefaultTag(request.tag);
  try {
    const { docker } = await connector.connect();
    await importEntries({ docker, entries, tag, nodeVersion, request });
    const { Size } = await docker.getImage(tag).inspect();
    return { tag, nodeVersion, sizeBytes: Size };
  } catch (error) {
    if (error instanceof EngineError) throw error;
    request.signal.throwIfAborted();
    throw isUnreachable(error) ? connector.unreachable(error) : imageError(tag, engineMessageOf(error), error);
  }
}

async function importEntries({
  docker,
  entries,
  tag,
  nodeVersion,
  request,
}: {
  readonly docker: Docker;
  readonly entries: readonly ImageEntry[];
  readonly tag: string;
  readonly nodeVersion: string;
  readonly request: BuildFromHostRequest;
}): Promise<void> {
  const separator = tag.lastIndexOf(":");
  const archive = createImageTar(entries, (progress) => request.onProgress(progress));
  try {
    const stream = await docker.importImage(archive, {
      repo: tag.slice(0, separator),
      tag: tag.slice(separator + 1),
      changes: imageChanges(nodeVersion),
      abortSignal: request.signal,
    });
    for await (const line of readLines(stream)) {
      const { error } = parsePullLine(line);
      if (error !== undefined) throw imageError(tag, error);
    }
  } finally {
    archive.destroy();
  }
}

/** Dockerfile instructions that the engine applies to the imported files. */
function imageChanges(nodeVersion: string): string[] {
  return [
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    `ENV NODE_VERSION=${nodeVersion.replace(/^v/, "")}`,
    `LABEL ${builtFromHostLabel}=${nodeVersion}`,
    "WORKDIR /",
    'CMD ["node"]',
  ];
}

async function readNodeVersion(nodePath: string): Promise<string> {
  try {
    return (await promisify(execFile)(nodePath, ["--version"])).stdout.trim();
  } catch (cause) {
    const message = `${nodePath} does not run as Node. Name the path of a working node program.`;
    throw new EngineError(message, { stage: "image", code: "other" }, { cause });
  }
}
