import type { ContainerIdentity } from "../plan/isolation-plan.ts";

export const managedLabel = "com.mcpproxy.managed";
export const instanceLabel = "com.mcpproxy.instance";
export const serverLabel = "com.mcpproxy.server";
export const runLabel = "com.mcpproxy.run";
export const createdLabel = "com.mcpproxy.created";
/** On images that were built from a host's own Node; the value is that Node's version. */
export const builtFromHostLabel = "com.mcpproxy.built-from-host";

/** The labels of one container; ownership is decided by them, never by its name. */
export function containerLabels(server: string, identity: ContainerIdentity): Record<string, string> {
  return {
    [managedLabel]: "true",
    [instanceLabel]: identity.instanceId,
    [serverLabel]: server,
    [runLabel]: identity.runId,
    [createdLabel]: identity.createdAt,
  };
}

/** Filters for GET /containers/json that match every container of one instance, and no other. */
export function ownershipFilters(instanceId: string): { label: string[] } {
  return { label: [`${managedLabel}=true`, `${instanceLabel}=${instanceId}`] };
}
