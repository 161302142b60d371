import { QueryClient, type MutationCache, type QueryCache } from "@tanstack/react-query";
import { describeFailure } from "./describe-failure.ts";

/** The cache of the dashboard. Nothing goes stale by age: the live feed patches it, and a new connection refetches it. */
export function createQueryClient(
  caches: { queryCache?: QueryCache; mutationCache?: MutationCache } = {},
): QueryClient {
  return new QueryClient({
    ...caches,
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        retry: (failureCount, error) => describeFailure(error).kind === "unreachable" && failureCount < 2,
      },
      mutations: { retry: false },
    },
  });
}
