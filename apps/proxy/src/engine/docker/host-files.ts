import { access, constants, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ImageEntry } from "./image-tar.ts";

const systemFolders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Path of a program in the usual folders of this host; undefined when it has none. */
export async function findProgram(name: string, firstFolders: readonly string[] = []): Promise<string | undefined> {
  for (const folder of [...firstFolders, ...systemFolders]) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** npm's folder: under the prefix that node is installed in, else behind the `npm` next to it or in the usual folders. */
export async function findNpmFolder(nodePath: string): Promise<string | undefined> {
  const nodeFolder = dirname(await realpath(nodePath));
  const npm = await findProgram("npm", [nodeFolder]);
  const folders = [
    join(nodeFolder, "../lib/node_modules/npm"),
    ...(npm === undefined ? [] : [dirname(dirname(await realpath(npm)))]),
  ];
  for (const folder of folders) {
    // Distribution packages spread npm's dependencies over other folders; only the self-contained one can be copied.
    if ((await isExisting(join(folder, "bin/npx-cli.js"))) && (await isExisting(join(folder, "node_modules"))))
      return folder;
  }
  return undefined;
}

/** One file of this host as an image entry; a link is followed. */
export async function fileEntry(source: string, target: string): Promise<ImageEntry> {
  const { size, mode } = await stat(source);
  return { kind: "file", source, target, sizeBytes: size, mode: mode & 0o755 };
}

/** A file, or a folder with all files in it, as image entries; links are followed, broken ones left out. */
export async function treeEntries(source: string, target: string): Promise<ImageEntry[]> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isFile()) return [await fileEntry(source, target)];
  if (!found?.isDirectory()) return [];
  const entries: ImageEntry[] = [{ kind: "directory", target, mode: 0o755 }];
  for (const name of await readdir(source)) {
    if (name === "__pycache__") continue;
    entries.push(...(await treeEntries(join(source, name), join(target, name))));
  }
  return entries;
}

/** True for what the loader reads: programs without an extension and shared libraries. */
export function isLoadable(entry: ImageEntry): boolean {
  if (entry.kind !== "file") return false;
  const name = basename(entry.target);
  return /\.so(\.\d+)*$/.test(name) || ((entry.mode & 0o111) !== 0 && !/\.(js|cjs|mjs|py|sh|json)$/.test(name));
}

function isExisting(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
