"use client";

import { useQuery } from "@tanstack/react-query";
import { ApplyChangeButton } from "../isolation/apply-change-button.tsx";
import { nameChange } from "../isolation/describe-change.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import type { FailureGroup } from "../trpc/router-types.ts";

/** What to do: the advice of the newest verdict, and the change that does it; limits have cards of their own. */
export function FailureSuggestion({ group, hasLimitAdvice }: { group: FailureGroup; hasLimitAdvice: boolean }) {
  const servers = useQuery(useTrpc().servers.list.queryOptions()).data ?? [];
  const { server, remedy, fix } = group;
  const isServerRunning = servers.some(({ name, run }) => name === server && run !== null);
  const isAdvised = fix?.key === "memory_limit" && hasLimitAdvice;
  if (remedy === null && fix === null) return null;
  return (
    <div className="flex flex-col gap-1">
      {remedy !== null && <p className="max-w-prose text-[13px] wrap-anywhere">{remedy}</p>}
      {isAdvised && (
        <p className="text-[13px]">
          <a className="link" href={`#limit-${encodeURIComponent(server)}`}>
            What its memory limit should be
          </a>
        </p>
      )}
      {fix !== null && !isAdvised && (
        <ApplyChangeButton server={server} change={fix} isServerRunning={isServerRunning}>
          {nameChange(fix)}
        </ApplyChangeButton>
      )}
    </div>
  );
}
