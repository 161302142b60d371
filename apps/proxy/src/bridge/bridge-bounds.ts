import type { RpcError } from "./rpc-error.ts";

const maxCallsInFlight = 10_000;
const maxUnreadBytes = 64 * 1024 * 1024;

/** Whether a server reads: one that does not gets nothing more, so what waits for it is bounded. */
export function reads(upstream: { readonly unreadBytes: number } | undefined): boolean {
  return upstream !== undefined && upstream.unreadBytes <= maxUnreadBytes;
}

/** Why a call cannot be sent now; undefined when it can. */
export function refusalOf(input: {
  readonly server: string;
  readonly upstream: { readonly unreadBytes: number } | undefined;
  readonly callsInFlight: number;
}): RpcError | undefined {
  const { server, upstream, callsInFlight } = input;
  if (upstream === undefined) return { code: "server_unavailable", message: "the server is not running" };
  if (callsInFlight >= maxCallsInFlight) {
    const message = `${maxCallsInFlight} calls to ${server} wait for an answer; try again later`;
    return { code: "limit_exceeded", message };
  }
  if (reads(upstream)) return undefined;
  const message = `${server} does not read its input (64 MiB wait); restart it or try again later`;
  return { code: "limit_exceeded", message };
}
