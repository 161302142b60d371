"use client";

import { useMutation } from "@tanstack/react-query";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { describeFailure } from "../trpc/describe-failure.ts";
import { slowRequest } from "../trpc/slow-request.ts";
import { useTrpcClient } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ExaminationReport } from "./examination-report.tsx";

const explanation =
  "Goes through seven steps, from the settings to the last log lines, and says what is wrong and how to put it right.";

/** Examines a server on request; one that does not run also with a start on trial. */
export function ExaminationSection({ server }: { server: ServerRecord }) {
  const { name } = server;
  const client = useTrpcClient();
  // Not a query: a refetch must never start a server a second time.
  const examination = useMutation({
    mutationFn: ({ shouldTry }: { shouldTry: boolean }) =>
      client.servers.examine.query({ name, shouldTry }, slowRequest),
  });
  const isTrying = examination.isPending && examination.variables.shouldTry;
  return (
    <Section
      title="Examination"
      aside={
        <div className="flex flex-wrap justify-end gap-1.5">
          <Button
            label={`Examine ${name}`}
            isPending={examination.isPending && !isTrying}
            isDisabled={isTrying}
            onClick={() => examination.mutate({ shouldTry: false })}
          >
            Examine
          </Button>
          {(isTriable(server) || isTrying) && (
            <Button
              icon="play"
              label={`Examine ${name} with a start on trial`}
              isPending={isTrying}
              isDisabled={examination.isPending}
              onClick={() => examination.mutate({ shouldTry: true })}
            >
              Start on trial
            </Button>
          )}
        </div>
      }
    >
      {examination.isIdle && <EmptyState kind="not-applicable" title={explanation} />}
      {examination.isPending && <Skeleton rows={7} label={`Examining ${name}`} />}
      {examination.isError && (
        <p role="alert" className="text-[13px] text-bad wrap-anywhere">
          {describeFailure(examination.error).message}
        </p>
      )}
      {examination.isSuccess && <ExaminationReport report={examination.data} isServerRunning={server.run !== null} />}
    </Section>
  );
}

/** Nothing runs, and nobody stands in the way. */
function isTriable({ state, heldBy }: Pick<ServerRecord, "state" | "heldBy">): boolean {
  return heldBy === null && ["stopped", "idle", "backing_off", "crash_looping", "parked"].includes(state);
}
