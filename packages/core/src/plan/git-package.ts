import type { Runtime } from "../runtime/runtime.ts";

const pythonRunners: ReadonlySet<Runtime> = new Set(["uvx", "uv", "pip", "pipx"]);
/** Node's package managers, with the words behind which a package to run stands; npx and bunx need none. */
const nodeRunners: Readonly<Partial<Record<Runtime, readonly string[]>>> = {
  npx: [],
  bunx: [],
  npm: ["exec", "x"],
  pnpm: ["dlx"],
  yarn: ["dlx"],
  bun: ["x"],
};
const gitPackage =
  /^(?:(?:github|gitlab|bitbucket|gist):|git(?:\+(?:https?|ssh|file|git))?:|git@|https?:\/\/\S+\.git(?:#|$))/;

/** True when a package among the arguments comes from a git repository, which the image then needs git for. */
export function isGitPackage(runtime: Runtime, args: readonly string[]): boolean {
  if (pythonRunners.has(runtime)) return args.some((word) => /(?:^|[=@ ])git\+(?:https?|ssh|file|git):/.test(word));
  const subcommands = nodeRunners[runtime];
  if (subcommands === undefined) return false;
  const packages = args.map((word) => word.replace(/^--package=|^-p=/, ""));
  return packages.some((word) => gitPackage.test(word)) || isGithubShorthand(packages, subcommands);
}

/** The full image of the same family, where the small one has no git; undefined when there is nothing to change. */
export function imageWithGit(image: string): string | undefined {
  const [, name = "", tag = ""] = /^((?:.*\/)?(?:node|python|ruby|uv)):([\w.-]+)$/.exec(image) ?? [];
  if (!/(?:^|-)(?:slim|alpine)/.test(tag)) return undefined;
  const complete = tag.replace(/-?(?:slim(?:-[a-z]+)?|alpine[\d.]*)$/, "");
  return `${name}:${complete === "" ? "latest" : complete}`;
}

/** `npx user/repository`: the first word that is no option, with one slash and no scope. */
function isGithubShorthand(args: readonly string[], subcommands: readonly string[]): boolean {
  const [first = "", second = ""] = args.filter((word) => !word.startsWith("-"));
  if (subcommands.length > 0 && !subcommands.includes(first)) return false;
  return /^[A-Za-z0-9][\w-]*\/[\w.-]+(?:#.+)?$/.test(subcommands.length > 0 ? second : first);
}
