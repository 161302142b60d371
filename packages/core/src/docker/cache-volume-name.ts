/** The name of a server's cache volume: of one instance and one server, never shared. */
export function cacheVolumeName(instanceId: string, server: string): string {
  return `mcpproxy-cache-${instanceId}-${server}`;
}
