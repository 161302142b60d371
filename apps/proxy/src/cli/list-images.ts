import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { EngineError, type ContainerEngine, type ImageFacts } from "../engine/engine.ts";
import type { CommandContext } from "./command-context.ts";
import { formatTable } from "./table.ts";

export interface NeededImage {
  readonly image: string;
  readonly platform?: string;
  readonly engine: EngineSelection;
  readonly servers: readonly string[];
}

interface ListedImage {
  readonly image: string;
  readonly servers: readonly string[];
  /** Null when it is not on the engine. */
  readonly digest: string | null;
  readonly builtFromHost: string | null;
  readonly problem: string | null;
}

/** Says of each image that the config needs whether it is there. Exit code 1 when one is missing. */
export async function listImages(
  needed: readonly NeededImage[],
  { isJson, context }: { readonly isJson: boolean; readonly context: CommandContext },
): Promise<void> {
  const listed: ListedImage[] = [];
  const byEngine = Map.groupBy(needed, ({ engine }) => JSON.stringify(engine));
  for (const images of byEngine.values()) listed.push(...(await lookOnEngine(images, context)));
  if (listed.some(({ digest }) => digest === null)) context.setExitCode(1);
  context.print(isJson ? JSON.stringify({ images: listed }) : describe(listed));
}

async function lookOnEngine(images: readonly NeededImage[], context: CommandContext): Promise<readonly ListedImage[]> {
  const engine = createDockerEngine({
    environment: context.environment.docker,
    target: images[0]?.engine ?? { kind: "default" },
    instanceId: "images",
  });
  try {
    return await Promise.all(images.map((image) => lookAt(engine, image)));
  } finally {
    await engine.close();
  }
}

async function lookAt(engine: ContainerEngine, { image, platform, servers }: NeededImage): Promise<ListedImage> {
  try {
    const facts: ImageFacts = await engine.ensureImage({
      image,
      ...(platform === undefined ? {} : { platform }),
      policy: "never",
      deadlineMs: 10_000,
      signal: new AbortController().signal,
      onPullStarted: () => undefined,
      onProgress: () => undefined,
    });
    return { image, servers, digest: facts.digest, builtFromHost: facts.builtFromHost ?? null, problem: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const isMissing = error.detail.stage === "image" && error.detail.code === "not_found";
    return { image, servers, digest: null, builtFromHost: null, problem: isMissing ? null : error.message };
  }
}

function describe(images: readonly ListedImage[]): string {
  if (images.length === 0) return "No server of the config needs an image.";
  const rows = images.map(({ image, digest, builtFromHost, problem, servers }) => [
    image,
    digest === null ? (problem ?? "not here") : "here",
    builtFromHost === null ? shortDigest(digest) : `from this host's Node ${builtFromHost}`,
    servers.join(", "),
  ]);
  return formatTable(["IMAGE", "STATE", "DIGEST", "SERVERS"], rows);
}

function shortDigest(digest: string | null): string {
  return digest === null ? "-" : (/sha256:[0-9a-f]{12}/.exec(digest)?.[0] ?? digest);
}
