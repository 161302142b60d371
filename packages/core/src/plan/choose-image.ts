import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import type { DetectedRuntime } from "../runtime/detect-runtime.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { defaultImages, matchVersion } from "./default-images.ts";
import { imageWithGit, isGitPackage } from "./git-package.ts";

export interface ChosenImage {
  readonly runtime: Runtime;
  readonly image: string;
  /** True when the server names it itself, so that its command is written for it. */
  readonly isExplicit: boolean;
  /** The package comes from a git repository. */
  readonly needsGit: boolean;
}

/** The server's own image, else the configured default of its program or runtime, else the built-in one; undefined for none. */
export function chooseImage(
  input: { readonly server: ServerConfig; readonly settings: Settings; readonly registry: string | undefined },
  detected: Exclude<DetectedRuntime, { kind: "container-engine" }>,
): ChosenImage | undefined {
  const runtime = detected.kind === "runtime" ? detected.runtime : "custom";
  const needsGit = isGitPackage(runtime, input.server.args);
  const explicit = input.server.isolation.image;
  if (explicit !== undefined) return { runtime, image: explicit, isExplicit: true, needsGit };
  const image = defaultImageOf(input, detected);
  if (image === undefined) return undefined;
  const complete = needsGit ? (imageWithGit(image) ?? image) : image;
  return { runtime, image: fromRegistry(complete, input.registry), isExplicit: false, needsGit };
}

function defaultImageOf(
  { settings, server }: { readonly server: ServerConfig; readonly settings: Settings },
  detected: Exclude<DetectedRuntime, { kind: "container-engine" }>,
): string | undefined {
  const configured = new Map(Object.entries(settings.dockerIsolation.defaultImages));
  const byProgram = configured.get(detected.program);
  if (byProgram !== undefined) return byProgram;
  if (detected.kind === "unknown") return undefined;
  const image = configured.get(detected.runtime) ?? defaultImages[detected.runtime];
  return matchVersion(image, detected.version ?? requestedPython(detected.runtime, server.args));
}

/** `uvx --python 3.12 …`: with the image of that version uv need not download a second Python. */
function requestedPython(runtime: Runtime, args: readonly string[]): string | undefined {
  if (runtime !== "uvx" && runtime !== "uv" && runtime !== "pipx") return undefined;
  const joined = args.map((word) => /^--python=(\d+\.\d+)$/.exec(word)?.[1]).find((version) => version !== undefined);
  if (joined !== undefined) return joined;
  const at = args.findIndex((word) => word === "--python" || word === "-p");
  return /^\d+\.\d+$/.exec(args[at + 1] ?? "")?.[0];
}

/** Images that name a registry of their own keep it: their first part has a dot, a port, or is localhost. */
function fromRegistry(image: string, registry: string | undefined): string {
  if (registry === undefined || registry === "docker.io") return image;
  const [first = "", ...rest] = image.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return hasRegistry ? image : `${registry}/${image}`;
}
