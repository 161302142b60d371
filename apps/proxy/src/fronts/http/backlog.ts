import type { ServerResponse } from "node:http";

/** Responses whose clients read slower than messages come, the longest waiting first. */
export class Backlog {
  private readonly slow = new Set<ServerResponse>();

  get unsentBytes(): number {
    let sum = 0;
    for (const response of this.slow) sum += response.writableLength;
    return sum;
  }

  /** After each write; what the network takes at once costs nothing here. */
  watch(response: ServerResponse): void {
    if (response.writableLength < response.writableHighWaterMark || this.slow.has(response)) return;
    this.slow.add(response);
    const forget = (): void => {
      this.slow.delete(response);
      response.off("drain", forget).off("finish", forget).off("close", forget);
    };
    response.on("drain", forget).on("finish", forget).on("close", forget);
  }

  /** Cuts off those that have waited longest until the rest fits; one message alone may be larger than the bound. */
  shrinkTo(limitBytes: number): readonly ServerResponse[] {
    const dropped: ServerResponse[] = [];
    for (const response of this.slow) {
      if (this.slow.size <= 1 || this.unsentBytes <= limitBytes) break;
      this.slow.delete(response);
      response.destroy();
      dropped.push(response);
    }
    return dropped;
  }
}
