"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";

/** What can be decided about a group; each brings everything that shows groups up to date. */
export function useFailureMutations() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const onSuccess = async (): Promise<void> => {
    await Promise.all([
      queryClient.invalidateQueries(trpc.failures.pathFilter()),
      queryClient.invalidateQueries(trpc.overview.queryFilter()),
      queryClient.invalidateQueries(trpc.runs.byId.queryFilter()),
    ]);
  };
  return {
    acknowledge: useMutation(trpc.failures.acknowledge.mutationOptions({ onSuccess })),
    reopen: useMutation(trpc.failures.reopen.mutationOptions({ onSuccess })),
    snooze: useMutation(trpc.failures.snooze.mutationOptions({ onSuccess })),
    assign: useMutation(trpc.failures.assign.mutationOptions({ onSuccess })),
    note: useMutation(trpc.failures.note.mutationOptions({ onSuccess })),
  };
}
