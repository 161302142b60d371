import type { Client } from "../clients/client.ts";
import { prepareUndo, undoClient } from "../clients/undo-client.ts";
import type { ConfigSnapshot } from "../config/write-config.ts";
import type { Paths } from "../paths.ts";
import type { CommandContext } from "./command-context.ts";
import { confirmWrite, type WriteOptions } from "./confirm-write.ts";
import { formatUndo } from "./connect-preview.ts";

/** Shows what would be taken back from a client's file, and does it when that is wanted. */
export async function undoConnection(request: {
  readonly client: Client;
  readonly snapshot: ConfigSnapshot;
  readonly paths: Paths;
  readonly options: WriteOptions;
  readonly context: CommandContext;
}): Promise<void> {
  const { client, snapshot, options, context } = request;
  const { dataDirectory } = request.paths;
  const plan = await prepareUndo(snapshot, { client: client.id, dataDirectory });
  const items = plan?.items ?? [];
  const isIncomplete = items.some(({ kind }) => kind === "left" || kind === "impossible");
  if (plan === undefined || isIncomplete) context.setExitCode(1);
  if (options.json !== true) {
    const preview = items.length === 0 ? "Nothing of MCPProxy to take back." : formatUndo(items);
    context.print(`${client.title}: ${snapshot.path}\n\n${preview}\n`);
  }
  const mayWrite = plan !== undefined && (await confirmWrite(`Change ${snapshot.path}?`, options));
  const backup =
    plan !== undefined && mayWrite
      ? await undoClient(plan, { client: client.id, snapshot, dataDirectory, now: new Date() })
      : null;
  if (options.json === true) {
    context.print(
      JSON.stringify({ client: client.id, file: snapshot.path, entries: items, written: mayWrite, backup }),
    );
    return;
  }
  if (plan === undefined) return;
  if (!mayWrite) context.print("Nothing was written. Add --write to write.");
  else context.print(`Done.${backup === null ? "" : ` The file before it: ${backup}`}\n${client.reload}`);
}
