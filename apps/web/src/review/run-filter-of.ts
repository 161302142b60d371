import type { RunFilter } from "../run-list/run-filter.ts";
import type { FailureGroup } from "../trpc/router-types.ts";

/** As near as the filter of the Runs page comes: it knows no lines. */
export function runFilterOf({
  server,
  verdict,
  exitCode,
}: Pick<FailureGroup, "server" | "verdict" | "exitCode">): RunFilter {
  return { server: [server], verdict: [verdict], ...(exitCode === null ? {} : { exitCode: [exitCode] }) };
}
