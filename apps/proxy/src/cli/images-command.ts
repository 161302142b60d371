import type { Command } from "commander";
import { createFirstConfig, loadConfig } from "../config/load-config.ts";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { planServers } from "../config/plan-servers.ts";
import type { PathOptions } from "../paths.ts";
import { buildFromHost } from "./build-from-host.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { pullImages, type WantedImage } from "./pull-images.ts";

interface PullOptions extends PathOptions {
  readonly buildFromHostIfUnreachable?: boolean;
  readonly json?: boolean;
}

interface BuildOptions extends PathOptions {
  readonly tag: string;
  readonly node?: string;
  readonly with?: readonly string[];
  readonly json?: boolean;
}

export function addImagesCommand(program: Command, context: CommandContext): void {
  const images = program.command("images").description("bring the images that servers run in");
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

async function imagesOfConfig(options: PathOptions, context: CommandContext): Promise<readonly WantedImage[]> {
  const { config } = pathsOf(options, context);
  // `npm start` brings the images before it starts the service.
  await createFirstConfig(config);
  const specs = planServers(await loadConfig(config), gatherPlanningFacts(context.environment, context.platform));
  const plans = specs.flatMap(({ plan }) => (plan.kind === "isolated" ? [plan.plan] : []));
  // One pull for each image and platform, with the longest of the deadlines that its servers have.
  const wanted = new Map<string, WantedImage>();
  for (const { image, platform, timeouts, engine } of plans) {
    const key = `${image} ${platform ?? ""} ${JSON.stringify(engine)}`;
    const pullTimeoutMs = Math.max(timeouts.pullMs, wanted.get(key)?.pullTimeoutMs ?? 0);
    wanted.set(key, { image, pullTimeoutMs, engine, ...(platform === undefined ? {} : { platform }) });
  }
  return [...wanted.values()];
}
