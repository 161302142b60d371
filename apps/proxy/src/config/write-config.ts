import { randomBytes } from "node:crypto";
import {
  chmod,
  copyFile,
  constants,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { configValueAt } from "@mcpproxy/config-schema/edit-config";
import { AppError } from "../app-error.ts";

/** A config file as it was when it was read. */
export interface ConfigSnapshot {
  readonly path: string;
  /** What the path leads to, through symbolic links. */
  readonly targetPath: string;
  /** Undefined when there is no file. */
  readonly text: string | undefined;
  /** Its permissions, and those of a new one. */
  readonly mode: number;
  readonly owner: { readonly userId: number; readonly groupId: number } | undefined;
}

/** Only the user may read what MCPProxy writes first: values of env are secrets. */
const newFileMode = 0o600;
const permissionBits = 0o777;

/** Reads a config file for editing; a missing one has no text. Throws AppError config_error for one that cannot be read. */
export async function readConfigFile(path: string): Promise<ConfigSnapshot> {
  try {
    const targetPath = await targetOf(path);
    const text = await readIfThere(targetPath);
    if (text === undefined) return { path, targetPath, text, mode: newFileMode, owner: undefined };
    const { mode, uid: userId, gid: groupId } = await stat(targetPath);
    return { path, targetPath, text, mode: mode & permissionBits, owner: { userId, groupId } };
  } catch (error) {
    throw new AppError("config_error", `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Copies the file to `FILE.mcpproxy-backup-<time>` with its permissions; null when there is no file. */
async function backUpConfig(snapshot: ConfigSnapshot, now: Date): Promise<string | null> {
  if (snapshot.text === undefined) return null;
  const backupPath = `${snapshot.path}.mcpproxy-backup-${now.toISOString().replaceAll(/[-:.]/g, "")}`;
  await copyFile(snapshot.targetPath, backupPath, constants.COPYFILE_EXCL);
  await chmod(backupPath, snapshot.mode);
  return backupPath;
}

/**
 * Puts a new text in the place of the file that was read, whole or not at all, with the same permissions.
 * Throws AppError config_changed when the file is no longer as it was read, config_error when the text is no JSON.
 */
export async function replaceConfig(snapshot: ConfigSnapshot, text: string): Promise<void> {
  if (text.trim() !== "" && configValueAt(text, []) === undefined) {
    throw new AppError("config_error", `${snapshot.path} was not written: the new text is not valid JSON.`);
  }
  await mkdir(dirname(snapshot.targetPath), { recursive: true, mode: 0o700 });
  const temporaryPath = `${snapshot.targetPath}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeTemporary(temporaryPath, { snapshot, text });
    await refuseIfChanged(snapshot);
    await rename(temporaryPath, snapshot.targetPath);
  } catch (error) {
    await rm(temporaryPath, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError("config_error", `${snapshot.path} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Backs the file up and puts the new text in its place; gives the path of the backup.
 * `beforeWrite` runs between the two. Throws as replaceConfig does.
 */
export async function writeConfig(
  snapshot: ConfigSnapshot,
  text: string,
  { now, beforeWrite }: { readonly now: Date; readonly beforeWrite?: (backupPath: string | null) => Promise<void> },
): Promise<string | null> {
  await refuseIfChanged(snapshot);
  const backupPath = await backUpConfig(snapshot, now);
  await beforeWrite?.(backupPath);
  await replaceConfig(snapshot, text);
  return backupPath;
}

/** Removes a file that MCPProxy made, unless somebody has changed it since it was read. */
export async function removeConfig(snapshot: ConfigSnapshot): Promise<void> {
  await refuseIfChanged(snapshot);
  await rm(snapshot.targetPath, { force: true });
}

async function writeTemporary(
  path: string,
  { snapshot, text }: { snapshot: ConfigSnapshot; text: string },
): Promise<void> {
  const file = await open(path, "wx", newFileMode);
  try {
    const { owner } = snapshot;
    const made = await file.stat();
    // Root may edit the file of another user, who has to be able to read it afterwards.
    if (owner !== undefined && (owner.userId !== made.uid || owner.groupId !== made.gid))
      await file.chown(owner.userId, owner.groupId);
    await file.chmod(snapshot.mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function refuseIfChanged(snapshot: ConfigSnapshot): Promise<void> {
  if ((await readIfThere(snapshot.targetPath)) === snapshot.text) return;
  throw new AppError(
    "config_changed",
    `${snapshot.path} has changed since it was read, so nothing was written. Try again; close programs that write it.`,
  );
}

/** The file behind a path; a link may lead to a file that is not there yet. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const link = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return link?.isSymbolicLink() === true ? resolve(dirname(path), await readlink(path)) : resolve(path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
