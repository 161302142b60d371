import { realpath } from "node:fs/promises";
import type { BindMount } from "@mcpproxy/core/plan/isolation-plan";
import { EngineError } from "../engine.ts";

/**
 * Refuses a mount whose source leads elsewhere than when it was judged. A server that may write in a folder can put a
 * link there in the place of another mount's source, and the engine follows it at the next start, as root.
 * @throws EngineError stage "create"
 */
export async function refuseMovedMounts(mounts: readonly BindMount[]): Promise<void> {
  for (const { source, realSource } of mounts) {
    // What is not there, or not on this machine, is the engine's to tell.
    const now = await realpath(source).catch(() => undefined);
    if (realSource === undefined || now === undefined || now === realSource) continue;
    throw new EngineError(
      `${source} led to ${realSource} when the config was read, and leads to ${now} now, so it was not mounted. If that is meant, save the config again: then MCPProxy looks at the new place. If not, a server with write access has put a link there.`,
      { stage: "create" },
    );
  }
}
