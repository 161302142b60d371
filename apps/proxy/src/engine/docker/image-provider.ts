import { builtFromHostLabel } from "@mcpproxy/core/docker/labels";
import type Docker from "dockerode";
import { EngineError, type EnsureImageRequest, type ImageFacts } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isNotFound, isUnreachable } from "./docker-error.ts";
import { imageError, withAdvice } from "./image-failure.ts";
import { isOfPlatform } from "./image-platform.ts";
import { withDefaultTag } from "./image-reference.ts";
import { pullImage } from "./pull-image.ts";
import { createPullLog } from "./pull-log.ts";
import type { CredentialSource } from "./registry-credentials.ts";
import { createSharedPulls, type PullOutcome, type PullTask } from "./shared-pulls.ts";

/** Anything else would break the path of the request before the engine could refuse it. */
const imageCharacters = /^[\w./:@-]+$/;

export interface ImageProvider {
  /** Makes sure that an image is there, by policy; rejects with EngineError stage "image" or "engine". */
  ensureImage(request: EnsureImageRequest): Promise<ImageFacts>;
}

export interface ImageProviderRequest {
  readonly connector: DockerConnector;
  readonly credentials: CredentialSource;
  /** Takes the lines about pulls for the log of the proxy. */
  writeLog?(line: string): void;
}

/** Looks images up and pulls the missing ones. */
export function createImageProvider(request: ImageProviderRequest): ImageProvider {
  const { connector } = request;
  const pull = createSharedPulls((task) => pullWithLog(request, task));

  const inspect = async (image: string): Promise<Docker.ImageInspectInfo | undefined> => {
    try {
      return await (await connector.connect()).docker.getImage(image).inspect();
    } catch (error) {
      if (isUnreachable(error)) throw connector.unreachable(error);
      if (isNotFound(error)) return undefined;
      throw imageError(image, engineMessageOf(error), error);
    }
  };

  return {
    async ensureImage(wanted) {
      const image = withDefaultTag(wanted.image);
      if (!imageCharacters.test(image)) throw imageError(image, "invalid reference format");
      const local = await inspect(image);
      const isUsable = local !== undefined && isOfPlatform(local, wanted.platform);
      if (isUsable && wanted.policy !== "always") return toImageFacts(local, { wasPulled: false });
      if (wanted.policy === "never") throw missingByPolicy(image, wanted.platform);
      const outcome = await pull({
        ...wanted,
        image,
        onPullStarted: () => wanted.onPullStarted(),
        onProgress: (progress) => wanted.onProgress(progress),
      }).catch((error: unknown) => {
        throw isUsable ? explainAlways(error) : error;
      });
      const pulled = await inspect(image);
      if (!pulled) throw imageError(image, "no such image after the pull");
      return toImageFacts(pulled, { wasPulled: true, ...outcome });
    },
  };
}

async function pullWithLog(request: ImageProviderRequest, task: PullTask): Promise<PullOutcome> {
  const log = createPullLog({
    image: task.image,
    now: () => performance.now(),
    write: (line) => request.writeLog?.(line),
  });
  const onProgress: PullTask["onProgress"] = (progress) => {
    log.progress(progress);
    task.onProgress(progress);
  };
  try {
    const outcome = await pullImage({ ...request, ...task, onProgress });
    log.finished();
    if (outcome.warning !== undefined) request.writeLog?.(outcome.warning);
    return outcome;
  } catch (error) {
    log.failed(task.signal.aborted ? task.signal.reason : error);
    throw error;
  }
}

function toImageFacts(info: Docker.ImageInspectInfo, pull: Pick<ImageFacts, "wasPulled" | "warning">): ImageFacts {
  const builtFromHost = info.Config.Labels?.[builtFromHostLabel];
  return {
    digest: info.RepoDigests?.[0] ?? info.Id,
    ...pull,
    ...(builtFromHost === undefined ? {} : { builtFromHost }),
  };
}

function missingByPolicy(image: string, platform: string | undefined): EngineError {
  const what = platform === undefined ? image : `${image} for ${platform}`;
  const remedy = `Pull it with \`docker pull ${platform === undefined ? "" : `--platform ${platform} `}${image}\`, or set pull_policy to "missing".`;
  const message = `Image ${what} is not on this machine and pull_policy is "never". ${remedy}`;
  return new EngineError(message, { stage: "image", code: "not_found", remedy });
}

/** "always" promises the registry's newest image: an older copy must not run in its place unnoticed. */
function explainAlways(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  return withAdvice(
    error,
    'The copy on this machine was not used, because pull_policy is "always"; set it to "missing" to use it.',
  );
}
