import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import type { DetectedRuntime } from "../runtime/detect-runtime.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { defaultImages, matchVersion } from "./default-images.ts";

export interface ChosenImage {
  readonly runtime: Runtime;
  readonly image: string;
  /** True when the server names it itself, so that its command is written for it. */
  readonly isExplicit: boolean;
}

/** The server's own image, else the configured default of its program or runtime, else the built-in one; undefined for none. */
export function chooseImage(
  input: { readonly server: ServerConfig; readonly settings: Settings },
  detected: Exclude<DetectedRuntime, { kind: "container-engine" }>,
): ChosenImage | undefined {
  const runtime = detected.kind === "runtime" ? detected.runtime : "custom";
  const explicit = input.server.isolation.image;
  if (explicit !== undefined) return { runtime, image: explicit, isExplicit: true };
  const configured = new Map(Object.entries(input.settings.dockerIsolation.defaultImages));
  const byProgram = configured.get(detected.program);
  if (byProgram !== undefined) return { runtime, image: byProgram, isExplicit: false };
  if (detected.kind === "unknown") return undefined;
  const image = configured.get(detected.runtime) ?? defaultImages[detected.runtime];
  return { runtime, image: matchVersion(image, detected.version), isExplicit: false };
}
