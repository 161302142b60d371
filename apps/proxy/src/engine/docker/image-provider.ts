import type Docker from "dockerode";
import { EngineError, type EnsureImageRequest, type ImageFacts } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isNotFound, isUnreachable } from "./docker-error.ts";
import { imageError } from "./image-failure.ts";
import { withDefaultTag } from "./image-reference.ts";
import { builtFromHostLabel } from "@mcpproxy/core/docker/labels";
import { pullImage } from "./pull-image.ts";
import { createSharedPulls } from "./shared-pulls.ts";

/** Anything else would break the path of the request before the engine could refuse it. */
const imageCharacters = /^[\w./:@-]+$/;

export interface ImageProvider {
  /** Makes sure that an image is there, by policy; rejects with EngineError stage "image" or "engine". */
  ensureImage(request: EnsureImageRequest): Promise<ImageFacts>;
}

/** Looks images up and pulls the missing ones. */
export function createImageProvider(request: {
  readonly connector: DockerConnector;
  readonly dockerConfigDir: string;
}): ImageProvider {
  const { connector } = request;
  const pull = createSharedPulls((image, signal, onProgress) => pullImage({ ...request, image, signal, onProgress }));

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
      const local = wanted.policy === "always" ? undefined : await inspect(image);
      if (local) return toImageFacts(local, false);
      if (wanted.policy === "never") throw missingByPolicy(image);
      await pull({
        ...wanted,
        image,
        onPullStarted: () => wanted.onPullStarted(),
        onProgress: (progress) => wanted.onProgress(progress),
      });
      const pulled = await inspect(image);
      if (!pulled) throw imageError(image, "no such image after the pull");
      return toImageFacts(pulled, true);
    },
  };
}

function toImageFacts(info: Docker.ImageInspectInfo, wasPulled: boolean): ImageFacts {
  const builtFromHost = info.Config.Labels?.[builtFromHostLabel];
  return {
    digest: info.RepoDigests?.[0] ?? info.Id,
    wasPulled,
    ...(builtFromHost === undefined ? {} : { builtFromHost }),
  };
}

function missingByPolicy(image: string): EngineError {
  const message = `Image ${image} is not on this machine and pull_policy is "never". Pull it with \`docker pull ${image}\`, or set pull_policy to "missing".`;
  return new EngineError(message, { stage: "image", code: "not_found" });
}
