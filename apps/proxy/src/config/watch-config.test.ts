import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../testing/until.ts";
import { watchConfig } from "./watch-config.ts";

let folder: string;
let path: string;
let changes: number;
let end: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcpproxy-watch-"));
  for (const name of ["config", "one", "two"]) await mkdir(join(folder, name));
  path = join(folder, "config", "mcp_config.json");
  changes = 0;
});
afterEach(async () => {
  end();
  await rm(folder, { recursive: true });
});

function start(): void {
  end = watchConfig(path, {
    onChange: () => (changes += 1),
    onError: (error) => expect.unreachable(String(error)),
  });
}

/** Replaces a file as editors and MCPProxy do. */
async function save(file: string): Promise<void> {
  await writeFile(`${file}.new`, "{}");
  await rename(`${file}.new`, file);
}

it("sees a file that is replaced", async () => {
  await writeFile(path, "{}");
  start();
  await save(path);
  expect(await until("change 1", () => (changes >= 1 ? changes : undefined))).toBe(1);
});

it("sees a file that is saved behind a symbolic link, and follows the link when it is moved", async () => {
  for (const name of ["one", "two"]) await writeFile(join(folder, name, "real.json"), "{}");
  await symlink("../one/real.json", path);
  start();
  await save(join(folder, "one", "real.json"));
  expect(await until("change 1", () => (changes >= 1 ? changes : undefined))).toBe(1);
  await symlink("../two/real.json", `${path}.new`);
  await rename(`${path}.new`, path);
  expect(await until("change 2", () => (changes >= 2 ? changes : undefined))).toBe(2);
  await save(join(folder, "two", "real.json"));
  expect(await until("change 3", () => (changes >= 3 ? changes : undefined))).toBe(3);
});
