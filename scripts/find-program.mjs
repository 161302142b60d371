import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

// Daemons and their tools live in sbin, which is not on every user's PATH.
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * The full path of the first of these programs that is installed.
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
export function findProgram(...names) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...systemFolders].filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
