import { mkdir, mkdtemp, realpath, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EngineError } from "../engine.ts";
import { refuseMovedMounts } from "./moved-mounts.ts";

let folder: string;
let source: string;
const mountOf = (realSource?: string) => [
  { source, target: "/data", isReadOnly: false, ...(realSource === undefined ? {} : { realSource }) },
];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "mcpproxy-moved-")));
  source = join(folder, "data");
  await mkdir(source);
});
afterEach(() => rm(folder, { recursive: true }));

it("lets a mount through that leads where it led", async () => {
  await expect(refuseMovedMounts(mountOf(source))).resolves.toBeUndefined();
  await rename(source, join(folder, "moved"));
  await symlink(join(folder, "moved"), source);
  await expect(refuseMovedMounts(mountOf(join(folder, "moved")))).resolves.toBeUndefined();
});

it("leaves what nobody looked at, and what is not there, to the engine", async () => {
  await expect(refuseMovedMounts(mountOf())).resolves.toBeUndefined();
  await rm(source, { recursive: true });
  await expect(refuseMovedMounts(mountOf(source))).resolves.toBeUndefined();
});

it("refuses a link that was put in the place of a folder after the config was read", async () => {
  await rename(source, join(folder, "old"));
  await symlink("/etc", source);
  const refusal = refuseMovedMounts(mountOf(source));
  await expect(refusal).rejects.toThrow(EngineError);
  await expect(refusal).rejects.toThrow(`${source} led to ${source} when the config was read, and leads to /etc now`);
});
