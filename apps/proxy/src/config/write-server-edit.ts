import { editInTurn } from "./edit-in-turn.ts";
import { editServer, type ServerEdit } from "./server-edit.ts";
import { readConfigFile, replaceConfig } from "./write-config.ts";

/** Makes an edit in the config file. Throws AppError config_error (with the place), config_changed, server_not_found. */
export function writeServerEdit(configPath: string, edit: ServerEdit): Promise<void> {
  return editInTurn(configPath, async () => {
    const snapshot = await readConfigFile(configPath);
    const text = snapshot.text ?? "";
    const edited = editServer(text, { edit, configPath });
    if (edited !== text) await replaceConfig(snapshot, edited);
  });
}
