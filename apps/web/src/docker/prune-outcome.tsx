import { formatBytes } from "@mcpproxy/core/format/bytes";
import { describeFailure } from "../trpc/describe-failure.ts";
import type { PrunedCaches } from "../trpc/router-types.ts";

/** What came of a removal: what is gone, and what was kept and why. */
export function PruneOutcome({ data, error }: { data: PrunedCaches | undefined; error: unknown }) {
  if (error !== null) {
    return (
      <p role="alert" className="mb-2 text-[13px] text-bad wrap-anywhere">
        {describeFailure(error).message}
      </p>
    );
  }
  if (data === undefined) return null;
  return (
    <div role="status" className="mb-2 text-[13px] wrap-anywhere">
      {data.removed.map(({ volume, server, sizeBytes }) => (
        <p key={volume}>
          Removed the cache of {server}
          {sizeBytes !== null && `, ${formatBytes(sizeBytes)}`}.
        </p>
      ))}
      {data.kept.map(({ cache, reason }) => (
        <p key={cache.volume} className="text-warning">
          Kept the cache of {cache.server}: {reason}
        </p>
      ))}
      {data.problems.map((problem) => (
        <p key={problem} className="text-bad">
          {problem}
        </p>
      ))}
    </div>
  );
}
