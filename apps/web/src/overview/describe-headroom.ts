import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { Overview } from "../trpc/router-types.ts";

/** The sum of limits against the host's memory in a sentence or two. */
export function describeHeadroom({ hostBytes, limitsBytes, usedBytes, containers, unlimited }: Overview["headroom"]): {
  readonly text: string;
  readonly isOver: boolean;
} {
  const host = hostBytes ?? 0;
  const isOver = limitsBytes > host;
  if (containers === 0) return { text: `No container runs. The host has ${formatBytes(host)}.`, isOver: false };
  const noun = containers === 1 ? "1 container" : `${containers} containers`;
  const together = containers === 1 ? "and uses" : "together and use";
  const sum = `${noun} may use ${formatBytes(limitsBytes)} ${together} ${formatBytes(usedBytes)} now; the host has ${formatBytes(host)}.`;
  const over = isOver ? " If all reach their limits, the host runs out of memory." : "";
  const open = unlimited === 0 ? "" : ` ${unlimited} ${unlimited === 1 ? "has" : "have"} no limit.`;
  return { text: `${sum}${over}${open}`, isOver };
}
