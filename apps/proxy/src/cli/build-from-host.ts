import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import { buildImageFromHost } from "../engine/docker/build-from-host.ts";
import { EngineError } from "../engine/engine.ts";
import type { CommandContext } from "./command-context.ts";
import { findHostNode } from "./host-node.ts";

export interface BuildFromHostInput {
  readonly tag: string;
  readonly nodePath?: string;
  readonly extraPaths: readonly string[];
  readonly isJson: boolean;
  /** Which engine gets it; the default one when absent. */
  readonly engine?: EngineSelection;
  readonly context: CommandContext;
}

/** Builds the image and says so; false, with exit code 1, when it cannot. */
export async function buildFromHost(input: BuildFromHostInput): Promise<boolean> {
  const { tag, context, extraPaths } = input;
  try {
    const image = await buildImageFromHost({
      environment: context.environment.docker,
      ...(input.engine === undefined ? {} : { target: input.engine }),
      tag,
      nodePath: input.nodePath ?? findHostNode(context.environment),
      extraPaths,
      signal: AbortSignal.timeout(300_000),
      onProgress: () => undefined,
    });
    const words = `Built ${image.tag} from this host's own Node ${image.nodeVersion} (${formatBytes(image.sizeBytes)}); it is labelled so.`;
    context.print(input.isJson ? JSON.stringify(image) : words);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    context.printError(`Could not build ${tag} from the host: ${error.message}`);
    context.setExitCode(1);
    return false;
  }
}
