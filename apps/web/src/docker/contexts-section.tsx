"use client";

import { useQuery } from "@tanstack/react-query";
import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import { describeFailure } from "../trpc/describe-failure.ts";
import { slowRequest } from "../trpc/slow-request.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { Section } from "../ui/section.tsx";
import { ContextsTable } from "./contexts-table.tsx";

/** All contexts: at once as MCPProxy knows them, then with those that nobody uses asked too. */
export function ContextsSection({ known }: { known: readonly DockerContextRecord[] }) {
  const asked = useQuery(useTrpc().docker.contexts.queryOptions(undefined, { trpc: slowRequest }));
  return (
    <Section
      title="Contexts"
      aside={
        <Button
          icon="restart"
          label="Ask again all contexts"
          isPending={asked.isFetching}
          onClick={() => void asked.refetch()}
        >
          Ask again
        </Button>
      }
    >
      <ContextsTable contexts={asked.data ?? known} />
      {asked.isError && (
        <p role="alert" className="text-xs text-bad wrap-anywhere">
          {describeFailure(asked.error).message}
        </p>
      )}
    </Section>
  );
}
