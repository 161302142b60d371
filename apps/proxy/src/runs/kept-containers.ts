import { verdictWords } from "@mcpproxy/core/verdict/verdict-words";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";

export const keptForMs = 24 * 60 * 60 * 1_000;

/** Containers of failed runs that stay in the state exited, newest last, so that the guide's `docker logs` works after a crash. */
export class KeptContainers {
  private readonly byServer = new Map<string, string[]>();
  private readonly remove: (containerId: string) => Promise<void>;

  /** `remove` must not reject: a container that is gone already is as good as removed. */
  constructor(remove: (containerId: string) => Promise<void>) {
    this.remove = remove;
  }

  /** Keeps this one and removes the oldest beyond the number to keep. */
  async keep(server: string, containerId: string, count: number): Promise<void> {
    const before = this.byServer.get(server) ?? [];
    if (before.includes(containerId)) return;
    const kept = [...before, containerId];
    const surplus = kept.splice(0, Math.max(0, kept.length - count));
    this.byServer.set(server, kept);
    for (const id of surplus) await this.remove(id);
    setTimeout(() => void this.expire(server, containerId), keptForMs).unref();
  }

  private async expire(server: string, containerId: string): Promise<void> {
    const kept = this.byServer.get(server) ?? [];
    if (!kept.includes(containerId)) return;
    this.byServer.set(
      server,
      kept.filter((id) => id !== containerId),
    );
    await this.remove(containerId);
  }
}

/** A run that ended as asked, or by itself without fault, leaves nothing behind. */
export function keepsContainer(verdict: Verdict, keepExited: number): boolean {
  const { tone } = verdictWords[verdict.kind];
  return keepExited > 0 && (tone === "bad" || tone === "warning");
}
