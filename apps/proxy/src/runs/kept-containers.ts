import { verdictWords } from "@mcpproxy/core/verdict/verdict-words";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";

export const keptForMs = 24 * 60 * 60 * 1_000;

export interface KeptContainer {
  readonly server: string;
  readonly containerId: string;
  /** On the engine where it is, also when new runs go elsewhere by then. */
  remove(): Promise<void>;
}

/** Containers of failed runs that stay in the state exited, newest last, so that the guide's `docker logs` works after a crash. */
export class KeptContainers {
  private readonly byServer = new Map<string, readonly KeptContainer[]>();
  private readonly onFailure: (containerId: string, error: unknown) => void;

  /** `onFailure` is told of a container that could not be removed. */
  constructor(onFailure: (containerId: string, error: unknown) => void) {
    this.onFailure = onFailure;
  }

  /** Keeps this one and removes the oldest beyond the number to keep. */
  async keep(container: KeptContainer, count: number): Promise<void> {
    const before = this.byServer.get(container.server) ?? [];
    if (before.some(({ containerId }) => containerId === container.containerId)) return;
    const kept = [...before, container];
    const surplus = kept.splice(0, Math.max(0, kept.length - count));
    this.byServer.set(container.server, kept);
    for (const old of surplus) await this.remove(old);
    setTimeout(() => void this.expire(container), keptForMs).unref();
  }

  /** For a server that is gone from the config: nobody would look for its containers any more. */
  async removeOf(server: string): Promise<void> {
    const kept = this.byServer.get(server) ?? [];
    this.byServer.delete(server);
    for (const container of kept) await this.remove(container);
  }

  private async expire(container: KeptContainer): Promise<void> {
    const kept = this.byServer.get(container.server) ?? [];
    if (!kept.includes(container)) return;
    this.byServer.set(
      container.server,
      kept.filter((one) => one !== container),
    );
    await this.remove(container);
  }

  private async remove(container: KeptContainer): Promise<void> {
    try {
      await container.remove();
    } catch (error) {
      this.onFailure(container.containerId, error);
    }
  }
}

/** A run that ended as asked, or by itself without fault, leaves nothing behind. */
export function keepsContainer(verdict: Verdict, keepExited: number): boolean {
  const { tone } = verdictWords[verdict.kind];
  return keepExited > 0 && (tone === "bad" || tone === "warning");
}
