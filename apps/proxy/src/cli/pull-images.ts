import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { EngineError, type ContainerEngine } from "../engine/engine.ts";
import { buildFromHost } from "./build-from-host.ts";
import type { CommandContext } from "./command-context.ts";

export interface PullImagesInput {
  readonly wanted: readonly { readonly image: string; readonly pullTimeoutMs: number }[];
  readonly buildsIfUnreachable: boolean;
  readonly isJson: boolean;
  readonly context: CommandContext;
}

/** Makes sure of each image and says how. Exit code 1 when one could not be had. */
export async function pullImages(input: PullImagesInput): Promise<void> {
  const engine = createDockerEngine({ environment: input.context.environment.docker, instanceId: "images" });
  try {
    const status = await engine.probe();
    if (status.state === "unavailable") {
      input.context.printError(
        `${status.problem?.message ?? "Docker is not reachable."} ${status.problem?.remedy ?? ""}`,
      );
      input.context.setExitCode(1);
      return;
    }
    for (const { image, pullTimeoutMs } of input.wanted) await pullOne(engine, { ...input, image, pullTimeoutMs });
  } finally {
    await engine.close();
  }
}

async function pullOne(
  engine: ContainerEngine,
  input: PullImagesInput & { image: string; pullTimeoutMs: number },
): Promise<void> {
  const { image, context, isJson } = input;
  const showProgress = isJson ? () => undefined : createProgressPrinter(context);
  try {
    const facts = await engine.ensureImage({
      image,
      policy: "missing",
      deadlineMs: input.pullTimeoutMs,
      signal: new AbortController().signal,
      onPullStarted: () => (isJson ? undefined : context.print(`Pulling ${image} …`)),
      onProgress: showProgress,
    });
    const origin = facts.builtFromHost === undefined ? "" : `, built from a host's own Node ${facts.builtFromHost}`;
    context.print(
      isJson
        ? JSON.stringify({ image, ...facts })
        : `${image}: ${facts.wasPulled ? "pulled" : "already here"}${origin}`,
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    await explainFailure(error, input);
  }
}

async function explainFailure(error: EngineError, input: PullImagesInput & { image: string }): Promise<void> {
  const { image, context, isJson } = input;
  context.printError(error.message);
  const isUnreachable = error.detail.stage === "image" && error.detail.code === "registry_unreachable";
  if (isUnreachable && input.buildsIfUnreachable && context.platform === "linux" && isNodeImage(image)) {
    context.printError(
      `The registry of images cannot be reached, so ${image} is built from this host's own Node instead.`,
    );
    await buildFromHost({ tag: image, extraPaths: [], isJson, context });
    return;
  }
  context.setExitCode(1);
}

function isNodeImage(image: string): boolean {
  return /^(?:docker\.io\/)?(?:library\/)?node(?::|$)/.test(image);
}

/** One line per tenth, so that a log stays readable. */
function createProgressPrinter(context: CommandContext): (progress: PullProgress) => void {
  let shownTenth = 0;
  return ({ bytesDone, bytesTotal, layersDone, layersTotal }) => {
    const tenth = bytesTotal === 0 ? 0 : Math.floor((10 * bytesDone) / bytesTotal);
    if (tenth <= shownTenth) return;
    shownTenth = tenth;
    context.print(
      `  ${tenth * 10} %  ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}, ${layersDone} of ${layersTotal} layers`,
    );
  };
}
