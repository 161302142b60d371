"use client";

import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Timestamp } from "../clock/timestamp.tsx";
import { describeFailure } from "../trpc/describe-failure.ts";
import type { Run } from "../trpc/router-types.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Section } from "../ui/section.tsx";

const noteLengthMax = 2_000;

/** What a person says about a run: seen, and what of it. */
export function ReviewBox({ run }: { run: Pick<Run, "id" | "review"> }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const { id, review } = run;
  const save = useMutation(
    trpc.runs.review.mutationOptions({
      onSuccess: (saved) => {
        queryClient.setQueryData(trpc.runs.byId.queryKey({ id }), (known) => known && { ...known, review: saved });
      },
    }),
  );
  const [typed, setTyped] = useState<string>();
  const note = typed ?? review?.note ?? "";
  const isAcknowledged = review?.state === "acknowledged";
  const submit = (state: "open" | "acknowledged"): void =>
    save.mutate({ id, state, note }, { onSuccess: () => setTyped(undefined) });
  return (
    <Section title="Review">
      <div className="flex flex-col gap-2 text-[13px]">
        {review !== null && (
          <p className="flex items-start gap-1.5">
            <Icon name={isAcknowledged ? "check" : "dash"} className="mt-0.5 size-3.5" />
            <span>
              {isAcknowledged ? "Acknowledged" : "Open again"} by {review.actor} <Timestamp at={review.at} />
            </span>
          </p>
        )}
        <label className="flex flex-col gap-1">
          <span className="text-soft">Note</span>
          <textarea
            rows={2}
            maxLength={noteLengthMax}
            className="rounded-md border border-line bg-surface p-2"
            value={note}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <div className="flex flex-wrap gap-1.5">
          <Button icon="check" isPending={save.isPending} onClick={() => submit("acknowledged")}>
            {isAcknowledged ? "Save the note" : "Acknowledge"}
          </Button>
          {isAcknowledged && (
            <Button isDisabled={save.isPending} onClick={() => submit("open")}>
              Open again
            </Button>
          )}
        </div>
        {save.isError && (
          <p role="alert" className="text-xs text-bad wrap-anywhere">
            {describeFailure(save.error).message}
          </p>
        )}
      </div>
    </Section>
  );
}
