import type { UpstreamProxy } from "../egress/upstream-proxy.ts";
import type { Environment } from "../environment.ts";

/** The proxy that this machine itself needs to get out; undefined when it needs none. */
export function upstreamProxyOf({ httpsProxy, noProxy }: Environment): UpstreamProxy | undefined {
  if (httpsProxy === undefined || !/^https?:\/\//.test(httpsProxy)) return undefined;
  return {
    url: httpsProxy,
    noProxy: (noProxy ?? "")
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
  };
}
