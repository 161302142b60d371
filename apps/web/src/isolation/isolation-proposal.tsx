"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DockerCommandBlock } from "../runs/docker-command-block.tsx";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpcClient } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { DiffBlock } from "../ui/diff-block.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useSettled } from "../ui/use-settled.ts";
import type { DraftChange } from "./isolation-draft.ts";

export interface IsolationProposalProps {
  readonly name: string;
  readonly changes: DraftChange[];
  readonly save: {
    readonly isPending: boolean;
    mutate(input: { name: string; changes: DraftChange[] }): void;
  };
}

/** What changes would write and start, planned while they are typed. */
export function IsolationProposal({ name, changes, save }: IsolationProposalProps) {
  const client = useTrpcClient();
  const present = JSON.stringify(changes);
  const asked = useSettled(present);
  const query = useQuery({
    queryKey: ["isolation-proposal", name, asked],
    // By POST, for what may be secret: the changes as they were when they settled are the ones of now.
    queryFn: () => client.servers.proposeIsolation.mutate({ name, changes }),
    enabled: asked === present,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  const proposal = query.data;
  const isCurrent = asked === present && !query.isPlaceholderData && !query.isFetching;
  if (query.isError)
    return (
      <p role="alert" className="text-[13px] text-bad wrap-anywhere">
        {describeFailure(query.error).message}
      </p>
    );
  if (proposal === undefined) return <Skeleton rows={3} label="Planning the change" />;
  if (proposal.kind === "invalid")
    return (
      <p role="alert" className="text-[13px] text-bad wrap-anywhere">
        {proposal.message}
      </p>
    );
  const isChange = proposal.diff.some(({ kind }) => kind !== "same");
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        <h3 className="text-[13px] font-medium">
          What is written into <code className="wrap-anywhere">{proposal.configPath}</code>
        </h3>
        <DiffBlock label="Change of the config file" lines={proposal.diff} />
      </div>
      {proposal.plan.refusal !== null && (
        <p role="alert" className="text-[13px] text-bad wrap-anywhere">
          The server would not run: {proposal.plan.refusal.message} {proposal.plan.refusal.remedy}
        </p>
      )}
      <DockerCommandBlock dockerRunArgs={proposal.plan.dockerRunArgs} />
      <div>
        <Button
          icon="check"
          isPending={save.isPending}
          isDisabled={!isCurrent || !isChange}
          onClick={() => save.mutate({ name, changes })}
        >
          Save and apply
        </Button>
      </div>
    </div>
  );
}
