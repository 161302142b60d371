import type { Command } from "commander";
import { createFirstConfig, loadConfig } from "../config/load-config.ts";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { planServers } from "../config/plan-servers.ts";
import type { PathOptions } from "../paths.ts";
import { buildFromHost } from "./build-from-host.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { listImages, type NeededImage } from "./list-images.ts";
import { pullImages, type WantedImage } from "./pull-images.ts";

interface PullOptions extends PathOptions {
  readonly buildFromHostIfUnreachable?: boolean;
  readonly json?: boolean;
}

type ConfiguredImage = WantedImage & NeededImage;

interface BuildOptions extends PathOptions {
  readonly tag: string;
  readonly node?: string;
  readonly with?: readonly string[];
  readonly json?: boolean;
}

export function addImagesCommand(program: Command, context: CommandContext): void {
  const images = withPathOptions(program.command("images"))
    .description("list the images that servers run in, or bring them")
    .option("--json", "print JSON")
    .action(async (options: PathOptions & { json?: boolean }) => {
      await listImages(await imagesOfConfig(options, context), { isJson: options.json === true, context });
    });
  withPathOptions(images.command("pull [images...]"))
    .description("pull these images, or all that the config needs")
    .option(
      "--build-from-host-if-unreachable",
      "where no registry answers, build Node images from this host's own Node (Linux)",
    )
    .option("--json", "print JSON")
    .action(async (names: readonly string[], options: PullOptions) => {
      const wanted =
        names.length > 0
          ? names.map((image) => ({ image, pullTimeoutMs: 600_000, engine: { kind: "default" } as const }))
          : await imagesOfConfig(options, context);
      await pullImages({
        wanted,
        buildsIfUnreachable: options.buildFromHostIfUnreachable === true,
        isJson: options.json === true,
        context,
      });
    });
  withPathOptions(images.command("build-from-host"))
    .description("build a Node image from this host's own Node (Linux), for machines without a registry")
    .option("--tag <image>", "name of the image", "node:20")
    .option("--node <path>", "the node to put in")
    .option("--with <paths...>", "more host files or folders to put in, with the libraries they need")
    .option("--json", "print JSON")
    .action(async (options: BuildOptions) => {
      await buildFromHost({
        tag: options.tag,
        ...(options.node === undefined ? {} : { nodePath: options.node }),
        extraPaths: options.with ?? [],
        isJson: options.json === true,
        context,
      });
    });
}

/** What the config needs: one entry for each image, platform and engine, with the longest of the deadlines of its servers. */
async function imagesOfConfig(options: PathOptions, context: CommandContext): Promise<readonly ConfiguredImage[]> {
  const { config } = pathsOf(options, context);
  // `npm start` brings the images before it starts the service.
  await createFirstConfig(config);
  const specs = planServers(await loadConfig(config), gatherPlanningFacts(context.environment, context.platform));
  const plans = specs.flatMap(({ plan }) => (plan.kind === "isolated" ? [plan.plan] : []));
  const needed = new Map<string, ConfiguredImage>();
  for (const { image, platform, timeouts, engine, server } of plans) {
    const key = `${image} ${platform ?? ""} ${JSON.stringify(engine)}`;
    const before = needed.get(key);
    needed.set(key, {
      image,
      engine,
      pullTimeoutMs: Math.max(timeouts.pullMs, before?.pullTimeoutMs ?? 0),
      servers: [...(before?.servers ?? []), server],
      ...(platform === undefined ? {} : { platform }),
    });
  }
  return [...needed.values()];
}
