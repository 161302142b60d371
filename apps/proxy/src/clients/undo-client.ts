import { readConfigFile, removeConfig, writeConfig, type ConfigSnapshot } from "../config/write-config.ts";
import type { ClientId } from "./client.ts";
import { readConnectionSteps, writeConnectionSteps } from "./connection-record.ts";
import { planUndo, type UndoPlan } from "./undo-connect.ts";

/** What undoing would do to one file of a client; undefined when MCPProxy wrote nothing there. */
export async function prepareUndo(
  snapshot: ConfigSnapshot,
  { client, dataDirectory }: { readonly client: ClientId; readonly dataDirectory: string },
): Promise<UndoPlan | undefined> {
  const steps = (await readConnectionSteps(dataDirectory)).filter(
    (step) => step.client === client && step.file === snapshot.path,
  );
  if (steps.length === 0) return undefined;
  if (snapshot.text === undefined) return { items: [], text: undefined };
  const withBackups = await Promise.all(
    steps.map(async (step) => ({
      step,
      backupText: step.backup === null ? undefined : (await readConfigFile(step.backup)).text,
    })),
  );
  return planUndo(snapshot.text, withBackups);
}

/** Writes a planned undo and forgets its steps. Gives the path of the backup. */
export async function undoClient(
  plan: UndoPlan,
  target: {
    readonly client: ClientId;
    readonly snapshot: ConfigSnapshot;
    readonly dataDirectory: string;
    readonly now: Date;
  },
): Promise<string | null> {
  const { snapshot, dataDirectory, now } = target;
  const backup = await writeOrRemove(snapshot, plan.text, now);
  // The backup that is missing may turn up again.
  if (plan.items.some(({ kind }) => kind === "impossible")) return backup;
  const steps = await readConnectionSteps(dataDirectory);
  await writeConnectionSteps(
    dataDirectory,
    steps.filter((step) => step.client !== target.client || step.file !== snapshot.path),
  );
  return backup;
}

async function writeOrRemove(snapshot: ConfigSnapshot, text: string | undefined, now: Date): Promise<string | null> {
  if (text === snapshot.text) return null;
  if (text !== undefined) return writeConfig(snapshot, text, { now });
  await removeConfig(snapshot);
  return null;
}
