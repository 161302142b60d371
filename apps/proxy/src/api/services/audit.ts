import type { AuditEntry } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";

const detailLengthMax = 2_000;

/** Notes what the actor did. Only after it was done: a refused action is none. */
export async function audit(
  context: Pick<ApiContext, "store" | "actor">,
  entry: Pick<AuditEntry, "action"> & {
    readonly server?: string | undefined;
    readonly runId?: string | undefined;
    readonly detail?: string | undefined;
  },
): Promise<void> {
  const { action, server, runId, detail } = entry;
  await context.store.audit.add({
    at: new Date().toISOString(),
    actor: context.actor,
    action,
    server: server ?? null,
    runId: runId ?? null,
    detail: detail === undefined || detail === "" ? null : detail.slice(0, detailLengthMax),
  });
}
