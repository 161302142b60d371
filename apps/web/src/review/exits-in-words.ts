import { formatDuration } from "@mcpproxy/core/format/duration";
import type { LimitCards } from "../trpc/router-types.ts";

type Exits = NonNullable<LimitCards[number]["change"]>["before"];

/** "3 of 5 exits out of memory in 24 h" */
export function exitsInWords({ from, to, exits, memoryKills, failures }: Exits): string {
  const span = formatDuration(Date.parse(to) - Date.parse(from));
  if (exits === 0) return `no exit in ${span}`;
  const kills = `${memoryKills} of ${exits} ${exits === 1 ? "exit" : "exits"} out of memory`;
  const others = failures - memoryKills;
  return `${kills}${others > 0 ? `, ${others} failed otherwise` : ""}, in ${span}`;
}
