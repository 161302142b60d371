import { realpathSync } from "node:fs";

/** The same for two addresses of one engine: /run/docker.sock and /var/run/docker.sock are mostly one socket. */
export function endpointIdentity(endpoint: string): string {
  if (!endpoint.startsWith("unix://")) return endpoint.replace(/\/+$/, "").toLowerCase();
  const path = endpoint.slice("unix://".length);
  try {
    return `unix://${realpathSync(path)}`;
  } catch {
    // No socket yet: the path is all there is.
    return endpoint;
  }
}
