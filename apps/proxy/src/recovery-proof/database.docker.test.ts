import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { connectDatabase } from "../store/connect-database.ts";
import { lockDatabase } from "./testing/database-lock.ts";
import { endRuns } from "./testing/end-runs.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { hostServer, proofConfig } from "./testing/proof-servers.ts";
import { untilNoProblem, untilProblem } from "./testing/proxy-problems.ts";
import { startProxy, type ProxyUnderTest } from "./testing/proxy-under-test.ts";

const config = proofConfig([hostServer({ name: "one" }), hostServer({ name: "two" })], { enabled: false });
const pageBytes = 4_096;
const deadlineMs = 240_000;

const startReady = async (): Promise<ProxyUnderTest> => {
  const proxy = await startProxy(config);
  for (const name of ["one", "two"]) await proxy.untilState(name, "ready");
  return proxy;
};
const databaseOf = (proxy: ProxyUnderTest): string => join(proxy.dataDirectory, "mcpproxy.db");
/** The database that was moved aside last. */
const asideOf = (proxy: ProxyUnderTest): string | undefined =>
  readdirSync(proxy.dataDirectory).findLast((name) => /^mcpproxy\.db\.corrupt-[\dTZ-]+$/.test(name));

test(
  "a database that another program locks, also at the start, holds nobody up and misses nothing afterwards",
  async () => {
    await using proxy = await startReady();
    await proxy.stop();
    const lock = await lockDatabase(databaseOf(proxy));
    await proxy.start();
    const bystander = await proxy.client("two");
    const ended = await endRuns(proxy, { server: "one", count: 3 });
    expect(await untilProblem(proxy, "history")).toContain("locked by another program");
    expect(await bystander.callTool("echo")).toMatchObject({ kind: "result" });
    await lock.release();
    await untilNoProblem(proxy, "history");
    for (const id of ended)
      expect(await proxy.untilEnded(id)).toMatchObject({ exitCode: 3, verdict: { kind: "app_error" } });
    await checkInvariants(proxy);
  },
  deadlineMs,
);

test.each<{ damage: string; inflict: (path: string) => void | Promise<void> }>([
  { damage: "got garbage for a header", inflict: spoilHeader },
  { damage: "was cut in the middle", inflict: (path) => truncateSync(path, 3 * pageBytes) },
  { damage: "was cut to nothing", inflict: (path) => truncateSync(path, 0) },
])(
  "a database that $damage while nothing ran is moved aside whole, which stderr and log say with the new path",
  async ({ inflict }) => {
    await using proxy = await startReady();
    await proxy.kill();
    const path = databaseOf(proxy);
    await inflict(path);
    const before = filesOf(path);
    await proxy.start();
    const aside = join(proxy.dataDirectory, asideOf(proxy) ?? "none");
    expect(filesOf(aside)).toEqual(before);
    expect(proxy.process?.output()).toContain(`It was moved to ${aside}`);
    expect(await proxy.mainLog()).toContain(`It was moved to ${aside}`);
    for (const name of ["one", "two"]) await proxy.untilState(name, "ready");
    expect(await proxy.runs()).toHaveLength(2);
    await checkInvariants(proxy);
  },
  deadlineMs,
);

test(
  "a page that turns out to be garbage in use costs no server, is told, and the next start moves the file aside",
  async () => {
    await using proxy = await startReady();
    await proxy.stop();
    await spoilRoots(databaseOf(proxy), "RunEvent%");
    await proxy.start();
    const client = await proxy.client("one");
    expect(await untilProblem(proxy, "history")).toContain("damaged");
    expect(await client.callTool("echo")).toMatchObject({ kind: "result" });
    await proxy.stop();
    expect(asideOf(proxy)).toBeUndefined();
    await proxy.start();
    expect(proxy.process?.output()).toContain(asideNotice(proxy));
    for (const name of ["one", "two"]) await proxy.untilState(name, "ready");
    await checkInvariants(proxy);
  },
  deadlineMs,
);

test(
  "a page that every start reads is found at once, and the file is moved aside",
  async () => {
    await using proxy = await startReady();
    await proxy.stop();
    await spoilRoots(databaseOf(proxy), "Run_%_idx");
    await proxy.start();
    expect(proxy.process?.output()).toContain(asideNotice(proxy));
    for (const name of ["one", "two"]) await proxy.untilState(name, "ready");
    await checkInvariants(proxy);
  },
  deadlineMs,
);

test(
  "a database of a newer MCPProxy is refused with what to do, and left as it is",
  async () => {
    await using proxy = await startReady();
    await proxy.stop();
    const path = databaseOf(proxy);
    const client = await connectDatabase(path);
    await client.execute(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count")
       VALUES ('later', 'x', '29991231235959_later', 1, 1)`,
    );
    await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    client.close();
    const bytes = readFileSync(path);
    await expect(proxy.start()).rejects.toThrow(/written by a newer MCPProxy.*Update MCPProxy/);
    expect(await proxy.process?.exited()).toBe(2);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(asideOf(proxy)).toBeUndefined();
  },
  deadlineMs,
);

/** With its log, SQLite would repair the header: all of it has to be in the file. */
async function spoilHeader(path: string): Promise<void> {
  await checkpoint(path);
  overwrite(path, 0);
}

async function checkpoint(path: string): Promise<void> {
  const client = await connectDatabase(path);
  await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  client.close();
}

function overwrite(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes.fill("garbage ", offset, Math.min(bytes.length, offset + pageBytes));
  writeFileSync(path, bytes);
}

/** The schema and what migrations look at stay as they are, so that opening it works. */
async function spoilRoots(path: string, names: string): Promise<void> {
  await checkpoint(path);
  const client = await connectDatabase(path);
  const roots = await client.execute(`SELECT "rootpage" FROM sqlite_master WHERE "name" LIKE '${names}'`);
  client.close();
  for (const { rootpage } of z.array(z.object({ rootpage: z.number() })).parse(roots.rows))
    overwrite(path, (rootpage - 1) * pageBytes);
}

/** What is said about the database that was moved aside last. */
function asideNotice(proxy: ProxyUnderTest): string {
  return `It was moved to ${join(proxy.dataDirectory, asideOf(proxy) ?? "none")}`;
}

/** The content of a database and its log, to compare. */
function filesOf(path: string): readonly string[] {
  return [path, `${path}-wal`].map((file) => (existsSync(file) ? readFileSync(file).toString("base64") : ""));
}
