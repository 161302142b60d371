import { instanceLabel, managedLabel, ownershipFilters, serverLabel } from "@mcpproxy/core/docker/labels";

/** Says what a volume is for; the other labels say whose it is. */
const kindLabel = "com.mcpproxy.kind";
const cacheKind = "cache";

export function cacheVolumeLabels(instanceId: string, server: string): Record<string, string> {
  return { [managedLabel]: "true", [instanceLabel]: instanceId, [serverLabel]: server, [kindLabel]: cacheKind };
}

export function isCacheVolume({
  Labels: labels,
}: {
  readonly Labels: Readonly<Record<string, string>> | null;
}): boolean {
  return labels?.[managedLabel] === "true" && labels[kindLabel] === cacheKind;
}

/** Filters for GET /volumes that match every cache of one instance. */
export function cacheFilters(instanceId: string): { label: string[] } {
  return { label: [...ownershipFilters(instanceId).label, `${kindLabel}=${cacheKind}`] };
}
