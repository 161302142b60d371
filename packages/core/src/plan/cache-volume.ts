import type { Runtime } from "../runtime/runtime.ts";
import type { EnvVariable } from "./isolation-plan.ts";

/** Where the server's own cache volume is mounted. */
export const cacheFolder = "/var/cache/mcpproxy";

/** The folder on the cache volume that the container's user may write to. */
export interface OwnCacheFolder {
  /** On the volume; a user that the config changes finds a folder of its own, not files that it may not touch. */
  readonly name: string;
  /** In the container. */
  readonly path: string;
  readonly userId: number;
  readonly groupId: number;
  readonly mode: number;
}

/**
 * The folder of the user that `isolation.user` names. What number a name has, and whom the image runs as, only the image
 * knows: such a folder is open to everyone in the container, and nobody else has the volume.
 */
export function ownCacheFolder(user: string | undefined): OwnCacheFolder {
  const [, userId, groupId] = /^(\d+)(?::(\d+))?$/.exec(user ?? "") ?? [];
  const name = `user-${(userId ?? user ?? "of-image").replaceAll(/[^A-Za-z0-9_.-]/g, "-")}`;
  const shared = { name, path: `${cacheFolder}/${name}` };
  if (userId === undefined) return { ...shared, userId: 0, groupId: 0, mode: 0o777 };
  return { ...shared, userId: Number(userId), groupId: Number(groupId ?? 0), mode: 0o755 };
}

/** What each package manager is told, so that it keeps its downloads on the volume. */
const variables: Readonly<Partial<Record<Runtime, Readonly<Record<string, string>>>>> = {
  npx: { npm_config_cache: "npm" },
  npm: { npm_config_cache: "npm" },
  pnpm: { npm_config_cache: "npm", npm_config_store_dir: "pnpm-store", XDG_CACHE_HOME: "xdg" },
  yarn: { npm_config_cache: "npm", YARN_CACHE_FOLDER: "yarn", YARN_GLOBAL_FOLDER: "yarn-global" },
  bun: { BUN_INSTALL_CACHE_DIR: "bun" },
  bunx: { BUN_INSTALL_CACHE_DIR: "bun", BUN_TMPDIR: "bun" },
  deno: { DENO_DIR: "deno" },
  uvx: { UV_CACHE_DIR: "uv", UV_TOOL_DIR: "uv-tools", UV_PYTHON_INSTALL_DIR: "uv-python" },
  uv: { UV_CACHE_DIR: "uv", UV_TOOL_DIR: "uv-tools", UV_PYTHON_INSTALL_DIR: "uv-python" },
  pip: { PIP_CACHE_DIR: "pip" },
  pipx: { PIP_CACHE_DIR: "pip", PIPX_HOME: "pipx", PIPX_BIN_DIR: "pipx-bin" },
  go: { GOPATH: "go", GOCACHE: "go-build" },
  cargo: { CARGO_HOME: "cargo" },
  gem: { GEM_SPEC_CACHE: "gem" },
  composer: { COMPOSER_CACHE_DIR: "composer" },
  dotnet: { NUGET_PACKAGES: "nuget", DOTNET_CLI_HOME: "dotnet" },
};

/** What each package manager is told where there is no network: to take what it has, instead of trying for minutes. */
const offlineVariables: Readonly<Partial<Record<Runtime, readonly [name: string, value: string]>>> = {
  npx: ["npm_config_offline", "true"],
  npm: ["npm_config_offline", "true"],
  pnpm: ["npm_config_offline", "true"],
  uvx: ["UV_OFFLINE", "1"],
  uv: ["UV_OFFLINE", "1"],
};

/** The variable that keeps a runtime's package manager from asking a network that is not there. */
export function offlineEnv(runtime: Runtime, taken: ReadonlySet<string>): readonly EnvVariable[] {
  const [name, value] = offlineVariables[runtime] ?? [];
  return name === undefined || value === undefined || taken.has(name) ? [] : [{ name, value, isSecret: false }];
}

/** True for programs that download what they run; only these get a cache volume. */
export function usesCache(runtime: Runtime): boolean {
  return variables[runtime] !== undefined;
}

/** The variables that point a runtime's caches to the user's folder on the volume; none that the user sets. */
export function cacheEnv(
  runtime: Runtime,
  { user, taken }: { readonly user: string | undefined; readonly taken: ReadonlySet<string> },
): readonly EnvVariable[] {
  const { path } = ownCacheFolder(user);
  return Object.entries(variables[runtime] ?? {})
    .filter(([name]) => !taken.has(name))
    .map(([name, folder]) => ({ name, value: `${path}/${folder}`, isSecret: false }));
}
