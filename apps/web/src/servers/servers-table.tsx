"use client";

import { useQuery } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";
import { DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { serverColumns, ServerRow } from "./server-row.tsx";

/** All configured servers and what they do right now. */
export function ServersTable() {
  const trpc = useTrpc();
  const servers = useQuery(trpc.servers.list.queryOptions());
  const configPath = useQuery(trpc.status.queryOptions()).data?.configPath;
  if (servers.data === undefined) {
    if (servers.isError)
      return <QueryFailure what="the servers" error={servers.error} onRetry={() => void servers.refetch()} />;
    return <Skeleton rows={3} label="Loading the servers" />;
  }
  if (servers.data.length === 0) {
    return (
      <EmptyState kind="nothing-yet" title="No servers are configured">
        Add one under <code>mcpServers</code> in <code>{configPath ?? "mcp_config.json"}</code>; it shows up here when
        the file is saved.
      </EmptyState>
    );
  }
  return (
    <DataTable label="Servers" columns={serverColumns}>
      {servers.data.map((server) => (
        <ServerRow key={server.name} server={server} />
      ))}
    </DataTable>
  );
}
