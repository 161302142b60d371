import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readConfigFile, removeConfig, replaceConfig, writeConfig } from "./write-config.ts";

const now = new Date("2026-01-02T03:04:05.678Z");
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcpproxy-write-config-"));
  path = join(folder, "mcp_config.json");
});

afterEach(() => rm(folder, { recursive: true }));

async function modeOf(file: string): Promise<number> {
  return (await stat(file)).mode & 0o777;
}

it("replaces the text, keeps the permissions and leaves a backup with the same ones", async () => {
  await writeFile(path, "{}");
  await chmod(path, 0o640);
  const backupPath = await writeConfig(await readConfigFile(path), '{ "a": 1 }', { now });
  expect(backupPath).toBe(`${path}.mcpproxy-backup-20260102T030405678Z`);
  expect(await readFile(path, "utf8")).toBe('{ "a": 1 }');
  expect(await readFile(backupPath ?? "", "utf8")).toBe("{}");
  expect(await modeOf(path)).toBe(0o640);
  expect(await modeOf(backupPath ?? "")).toBe(0o640);
  expect(await readdir(folder)).toHaveLength(2);
});

it("makes a file that was not there readable for the user alone, without a backup", async () => {
  const nested = join(folder, "new", "mcp.json");
  expect(await writeConfig(await readConfigFile(nested), "{}", { now })).toBeNull();
  expect(await modeOf(nested)).toBe(0o600);
});

it("writes through a symbolic link, also one that leads nowhere yet", async () => {
  const target = join(folder, "dotfiles.json");
  await symlink("dotfiles.json", path);
  await writeConfig(await readConfigFile(path), "{}", { now });
  await writeConfig(await readConfigFile(path), '{ "a": 1 }', { now });
  expect(await readlink(path)).toBe("dotfiles.json");
  expect(await readFile(target, "utf8")).toBe('{ "a": 1 }');
});

it("refuses a file that changed since it was read, and leaves nothing behind", async () => {
  await writeFile(path, "{}");
  const snapshot = await readConfigFile(path);
  await writeFile(path, '{ "theirs": 1 }');
  await expect(writeConfig(snapshot, '{ "ours": 1 }', { now })).rejects.toMatchObject({ code: "config_changed" });
  await expect(replaceConfig(snapshot, '{ "ours": 1 }')).rejects.toMatchObject({ code: "config_changed" });
  await expect(removeConfig(snapshot)).rejects.toMatchObject({ code: "config_changed" });
  expect(await readFile(path, "utf8")).toBe('{ "theirs": 1 }');
  expect(await readdir(folder)).toEqual(["mcp_config.json"]);
});

it("refuses a file that appeared since, and a text that is no JSON", async () => {
  const snapshot = await readConfigFile(path);
  await expect(replaceConfig(snapshot, "{")).rejects.toMatchObject({ code: "config_error" });
  await writeFile(path, "{}");
  await expect(replaceConfig(snapshot, '{ "a": 1 }')).rejects.toMatchObject({ code: "config_changed" });
});

it("says why a file cannot be read", async () => {
  await expect(readConfigFile(folder)).rejects.toThrow(/cannot be read: EISDIR/);
});
