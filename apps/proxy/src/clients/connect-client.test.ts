import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { configValueAt } from "@mcpproxy/config-schema/edit-config";
import { readConfigFile, type ConfigSnapshot } from "../config/write-config.ts";
import { readEnvironment } from "../environment.ts";
import { clientIds, clientOf, type ClientId } from "./client.ts";
import { clientLocations, type ClientPlaces } from "./client-locations.ts";
import { connectClient } from "./connect-client.ts";
import { readConnectionSteps } from "./connection-record.ts";
import { findClientEntries } from "./find-client-entries.ts";
import { planConnect, type ConnectPlan } from "./plan-connect.ts";
import { prepareUndo, undoClient } from "./undo-client.ts";

const now = new Date("2026-01-02T03:04:05.678Z");
let home: string;
let places: ClientPlaces;
let dataDirectory: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "mcpproxy-clients-"));
  dataDirectory = join(home, "data");
  places = { environment: readEnvironment({ HOME: home }), platform: "linux", workingDirectory: join(home, "work") };
});

afterEach(() => rm(home, { recursive: true }));

function fileOf(id: ClientId): string {
  return clientLocations(id, places)[0]?.path ?? "";
}

async function writeClientFile(id: ClientId): Promise<string> {
  const text = `{\n  "other": true,\n  "${clientOf(id).serversKey}": { "memory": {"command": "npx", "env": {"K": "secret-value"}} }\n}`;
  await mkdir(dirname(fileOf(id)), { recursive: true });
  await writeFile(fileOf(id), text, { mode: 0o600 });
  return text;
}

function plan(id: ClientId, snapshot: ConfigSnapshot): ConnectPlan {
  return planConnect({
    client: clientOf(id),
    file: snapshot.path,
    text: snapshot.text ?? "",
    servers: [{ name: "memory", command: "npx", args: [], isEnabled: true, problem: null }],
    configuredNames: ["memory"],
    transport: "http",
    program: {
      listen: { host: "127.0.0.1", port: 8080 },
      nodePath: "/n",
      scriptPath: "/mcpproxy.mjs",
      pathArguments: [],
    },
    homeDirectory: home,
  });
}

async function connect(id: ClientId): Promise<string | null> {
  const snapshot = await readConfigFile(fileOf(id));
  return connectClient(plan(id, snapshot), { client: id, snapshot, dataDirectory, now });
}

async function undo(id: ClientId): Promise<void> {
  const snapshot = await readConfigFile(fileOf(id));
  const prepared = await prepareUndo(snapshot, { client: id, dataDirectory });
  if (prepared === undefined) throw new Error("nothing to undo");
  await undoClient(prepared, { client: id, snapshot, dataDirectory, now: new Date(now.getTime() + 1) });
}

it.each(clientIds)("finds the servers of %s in its own file, connects it there and undoes it", async (id) => {
  const text = await writeClientFile(id);
  const found = await findClientEntries(id, places);
  expect(found.entries).toMatchObject([{ name: "memory", file: fileOf(id), value: { command: "npx" } }]);

  const backup = await connect(id);
  expect(await readFile(backup ?? "", "utf8")).toBe(text);
  expect((await stat(backup ?? "")).mode & 0o777).toBe(0o600);
  expect((await stat(fileOf(id))).mode & 0o777).toBe(0o600);
  expect(configValueAt(await readFile(fileOf(id), "utf8"), [clientOf(id).serversKey, "memory"])).not.toHaveProperty(
    "env",
  );
  expect(await readFile(join(dataDirectory, "connections.json"), "utf8")).not.toContain("secret-value");

  await undo(id);
  expect(await readFile(fileOf(id), "utf8")).toBe(text);
  expect(await readConnectionSteps(dataDirectory)).toEqual([]);
});

it("makes the file of a client that has none, and removes it again", async () => {
  expect(await connect("cursor")).toBeNull();
  expect((await stat(fileOf("cursor"))).mode & 0o777).toBe(0o600);
  await undo("cursor");
  expect(await readdir(dirname(fileOf("cursor")))).toEqual([]);
});

it("remembers nothing of a write that was refused", async () => {
  await writeClientFile("cursor");
  const snapshot = await readConfigFile(fileOf("cursor"));
  await writeFile(fileOf("cursor"), "{}");
  const written = connectClient(plan("cursor", snapshot), { client: "cursor", snapshot, dataDirectory, now });
  await expect(written).rejects.toMatchObject({ code: "config_changed" });
  expect(await readConnectionSteps(dataDirectory)).toEqual([]);
});

it("keeps the steps while a backup is missing, so that undo can be tried again", async () => {
  const text = await writeClientFile("cursor");
  const backup = (await connect("cursor")) ?? "";
  await rm(backup);
  await undo("cursor");
  expect(await readConnectionSteps(dataDirectory)).toHaveLength(1);
  await writeFile(backup, text);
  await undo("cursor");
  expect(await readFile(fileOf("cursor"), "utf8")).toBe(text);
});

it("says that the record is damaged", async () => {
  await mkdir(dataDirectory);
  await writeFile(join(dataDirectory, "connections.json"), "[]");
  await chmod(join(dataDirectory, "connections.json"), 0o600);
  await expect(readConnectionSteps(dataDirectory)).rejects.toThrow(/record .* is damaged/);
});

it("reads project files with their folder, and any file by its path", async () => {
  await mkdir(join(home, "work"));
  await writeFile(join(home, "work", ".mcp.json"), '{"mcpServers":{"a":{"command":"x"}}}');
  expect((await findClientEntries("claude-code", places)).entries).toMatchObject([
    { projectFolder: join(home, "work") },
  ]);
  expect((await findClientEntries(".mcp.json", places)).entries).toMatchObject([{ projectFolder: null }]);
});

it("says where it looked", async () => {
  await expect(findClientEntries("vscode", places)).rejects.toThrow(/there is no .*mcp\.json, /);
  await expect(findClientEntries("nothing.json", places)).rejects.toThrow(/There is no file .*nothing\.json/);
});
