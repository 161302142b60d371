import type { Tmpfs } from "@mcpproxy/config-schema/config";
import type { EnvVariable } from "./isolation-plan.ts";

const homeFolder = "/home/mcpproxy";

/**
 * A user that the image does not know has no home, and programs write there. Such a user gets a small one in memory;
 * "exec", because package managers put programs there.
 */
export function planHome(
  user: string | undefined,
  taken: ReadonlySet<string>,
): { readonly env: readonly EnvVariable[]; readonly tmpfs: readonly Tmpfs[] } {
  const [, userId, groupId] = /^(\d+)(?::(\d+))?$/.exec(user ?? "") ?? [];
  if (userId === undefined || Number(userId) === 0 || taken.has("HOME")) return { env: [], tmpfs: [] };
  const owner = `uid=${userId},gid=${groupId ?? "0"}`;
  return {
    env: [{ name: "HOME", value: homeFolder, isSecret: false }],
    tmpfs: [{ path: homeFolder, options: `size=128m,mode=0700,${owner},exec` }],
  };
}
