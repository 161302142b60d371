import type { Runtime } from "../runtime/runtime.ts";

const nodeRunners: ReadonlySet<Runtime> = new Set(["npx", "npm", "pnpm", "yarn", "bun", "bunx"]);
const pythonRunners: ReadonlySet<Runtime> = new Set(["uvx", "uv", "pip", "pipx"]);

/** True when a package among the arguments comes from a git repository, which the image then needs git for. */
export function isGitPackage(runtime: Runtime, args: readonly string[]): boolean {
  if (pythonRunners.has(runtime)) return args.some((word) => /(?:^|[=@ ])git\+(?:https?|ssh|file):/.test(word));
  if (!nodeRunners.has(runtime)) return false;
  return (
    args.some(
      (word) =>
        /^(?:--package=)?(?:github|gitlab|bitbucket|gist):|^(?:--package=)?git(?:\+(?:https?|ssh|file))?:|^git@/.test(
          word,
        ) || /^(?:--package=)?https?:\/\/[^\s]+\.git(?:#|$)/.test(word),
    ) || isGithubShorthand(args)
  );
}

/** The full image of the same family, where the small one has no git; undefined when there is nothing to change. */
export function imageWithGit(image: string): string | undefined {
  const match = /^(.*?(?:node|python|ruby):)([\w.]+)-(?:slim|alpine)[\w.-]*$/.exec(image);
  return match === null ? undefined : `${match[1] ?? ""}${match[2] ?? ""}`;
}

/** `npx user/repository`: the first word that is no option, with one slash and no scope. */
function isGithubShorthand(args: readonly string[]): boolean {
  const first = args.find((word) => !word.startsWith("-"));
  return first !== undefined && /^[A-Za-z0-9][\w-]*\/[\w.-]+(?:#.+)?$/.test(first);
}
