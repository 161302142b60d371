import { writeConfig, type ConfigSnapshot } from "../config/write-config.ts";
import type { ClientId } from "./client.ts";
import { readConnectionSteps, sha256, writeConnectionSteps } from "./connection-record.ts";
import type { ConnectPlan } from "./plan-connect.ts";

/** Writes a planned connection: backup, then the record for undo, then the client's file. Gives the path of the backup. */
export async function connectClient(
  plan: ConnectPlan,
  target: {
    readonly client: ClientId;
    readonly snapshot: ConfigSnapshot;
    readonly dataDirectory: string;
    readonly now: Date;
  },
): Promise<string | null> {
  const { client, snapshot, dataDirectory, now } = target;
  const before = await readConnectionSteps(dataDirectory);
  const remember = (backup: string | null): Promise<void> =>
    writeConnectionSteps(dataDirectory, [
      ...before,
      {
        client,
        file: snapshot.path,
        backup,
        at: now.toISOString(),
        writtenSha256: sha256(plan.text),
        changes: [...plan.changes],
      },
    ]);
  try {
    return await writeConfig(snapshot, plan.text, { now, beforeWrite: remember });
  } catch (error) {
    await writeConnectionSteps(dataDirectory, before);
    throw error;
  }
}
