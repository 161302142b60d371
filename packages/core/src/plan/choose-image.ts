import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import type { DetectedRuntime } from "../runtime/detect-runtime.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { innermostCommand } from "../runtime/unwrap-command.ts";
import { defaultImages, matchVersion } from "./default-images.ts";
import { imageWithGit, isGitPackage } from "./git-package.ts";
import { requestedPython } from "./requested-python.ts";

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
  const [, ...args] = innermostCommand([input.server.command, ...input.server.args]);
  const needsGit = isGitPackage(runtime, args);
  const explicit = input.server.isolation.image;
  if (explicit !== undefined) return { runtime, image: explicit, isExplicit: true, needsGit };
  const image = defaultImageOf(input.settings, detected, args);
  if (image === undefined) return undefined;
  const complete = needsGit ? (imageWithGit(image) ?? image) : image;
  return { runtime, image: fromRegistry(complete, input.registry), isExplicit: false, needsGit };
}

function defaultImageOf(
  { dockerIsolation: { defaultImages: configured } }: Settings,
  detected: Exclude<DetectedRuntime, { kind: "container-engine" }>,
  args: readonly string[],
): string | undefined {
  const byProgram = Object.hasOwn(configured, detected.program) ? configured[detected.program] : undefined;
  if (detected.kind === "unknown") return byProgram;
  // An image for "python3.12" is for that version already; one for "python" or "uvx" is for whichever is asked for.
  if (byProgram !== undefined && detected.program !== detected.runtime) return byProgram;
  const byRuntime = Object.hasOwn(configured, detected.runtime) ? configured[detected.runtime] : undefined;
  const image = byRuntime ?? defaultImages[detected.runtime];
  return matchVersion(image, detected.version ?? requestedPython(detected.runtime, args));
}

/** Images that name a registry of their own keep it: their first part has a dot, a port, or is localhost. */
function fromRegistry(image: string, registry: string | undefined): string {
  if (registry === undefined || registry === "docker.io") return image;
  const [first = "", ...rest] = image.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return hasRegistry ? image : `${registry}/${image}`;
}
