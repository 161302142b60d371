"use client";

import { useQuery } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";
import type { Server } from "../trpc/router-types.ts";

/** The server of the page, as the frame around it has loaded it; undefined until then. */
export function useServer(name: string): Server | undefined {
  return useQuery(useTrpc().servers.byName.queryOptions({ name })).data;
}
