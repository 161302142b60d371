import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { freePort } from "../remote/testing/everything-http.ts";
import { openStore } from "../store/open-store.ts";
import { until } from "../testing/until.ts";

const generousMs = 90_000;
const program = fileURLToPath(new URL("main.ts", import.meta.url));
/** Says its process id, and never stops by itself. */
const serverScript = `
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line);
  const say = (body) => console.log(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
  if (method === "initialize") say({ result: { protocolVersion: "2025-11-25",
    capabilities: { tools: { listChanged: true } }, serverInfo: { name: process.argv[1], version: "1" } } });
  else if (method === "tools/call") say({ result: { content: [{ type: "text", text: String(process.pid) }] } });
  else if (id !== undefined) say({ error: { code: -32601, message: "no such method" } });
});`;
const messageSchema = z.looseObject({ id: z.unknown().optional(), method: z.string().optional() });
const calledSchema = z.object({ result: z.object({ content: z.tuple([z.object({ text: z.coerce.number() })]) }) });

let home: string;
let started: ChildProcessWithoutNullStreams[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "mcpproxy-stdio-"));
  started = [];
  await writeConfig("named");
});

afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  // What runs on without its client may still write its last words.
  await until("the folder to be left alone", async () => {
    try {
      await rm(home, { recursive: true });
      return true;
    } catch {
      return undefined;
    }
  });
});

async function writeConfig(name: string): Promise<void> {
  const server = {
    command: process.execPath,
    args: ["-e", serverScript, name],
    isolation: { enabled: false, start: "lazy" },
  };
  await writeFile(join(home, "mcp_config.json"), JSON.stringify({ mcpServers: { own: server } }));
}

function run(...words: readonly string[]): ChildProcessWithoutNullStreams {
  const places = ["--config", join(home, "mcp_config.json"), "--data-dir", home, "--log-dir", join(home, "logs")];
  const child = spawn(process.execPath, [program, ...words, ...places], {
    env: { HOME: home, PATH: process.env["PATH"], DOCKER_HOST: `unix://${home}/docker.sock` },
  });
  started.push(child);
  return child;
}

function connect(name = "own") {
  const child = run("stdio", name);
  const received: z.output<typeof messageSchema>[] = [];
  let stderr = "";
  createInterface({ input: child.stdout }).on("line", (line) => received.push(messageSchema.parse(JSON.parse(line))));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = once(child, "exit").then(([code]) => Number(code));
  const ask = async (id: number, method: string, params: object = {}) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return await until(`the answer to ${method}`, () => received.find((message) => message.id === id), generousMs);
  };
  const initialize = () => ask(1, "initialize", { protocolVersion: "2025-11-25", capabilities: {} });
  const serverPid = async () => calledSchema.parse(await ask(2, "tools/call", { name: "x" })).result.content[0].text;
  return { child, received, exited, stderr: () => stderr, ask, initialize, serverPid };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  await until("the server to be gone", () => (lives(pid) ? undefined : true), generousMs);
}

/** All runs, once each has its verdict. */
async function verdicts(): Promise<readonly string[]> {
  const store = await openStore({ databasePath: join(home, "mcpproxy.db"), onNotice: () => undefined });
  try {
    return await until(
      "every run to have its verdict",
      async () => {
        const { runs } = await store.runs.list({ limit: 10 });
        return runs.every(({ verdict }) => verdict !== null)
          ? runs.map(({ verdict }) => verdict?.kind ?? "")
          : undefined;
      },
      generousMs,
    );
  } finally {
    await store.close();
  }
}

async function serve(): Promise<ChildProcessWithoutNullStreams> {
  const service = run("serve", "--listen", `127.0.0.1:${await freePort()}`);
  let said = "";
  service.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until("it to listen", () => (said.includes("is listening") ? true : undefined), generousMs);
  return service;
}

test(
  "without a service: the second client is answered before the server runs, and the first call starts it",
  async () => {
    const first = connect();
    expect(await first.initialize()).toMatchObject({ result: { serverInfo: { name: "named" } } });
    first.child.stdin.end();
    expect(await first.exited).toBe(0);
    expect(await verdicts()).toEqual(["stopped_by_policy"]);

    const second = connect();
    expect(await second.initialize()).toMatchObject({ result: { serverInfo: { name: "named" } } });
    expect(await second.ask(7, "ping")).toMatchObject({ result: {} });
    second.child.stdin.end();
    expect(await second.exited).toBe(0);
    expect(await verdicts()).toHaveLength(1);

    const third = connect();
    await third.initialize();
    const pid = await third.serverPid();
    expect(lives(pid)).toBe(true);
    third.child.stdin.end();
    expect(await third.exited).toBe(0);
    await untilGone(pid);
    expect(await verdicts()).toHaveLength(2);
    expect([first.stderr(), second.stderr(), third.stderr()]).toEqual(["", "", ""]);
  },
  generousMs,
);

test(
  "a server that is another one than remembered is asked anew, and one that is killed with its client is stopped in order",
  async () => {
    const first = connect();
    await first.initialize();
    first.child.stdin.end();
    await first.exited;
    await writeConfig("renamed");
    const second = connect();
    expect(await second.initialize()).toMatchObject({ result: { serverInfo: { name: "renamed" } } });
    const pid = await second.serverPid();
    second.child.kill("SIGKILL");
    await untilGone(pid);
    expect(await verdicts()).toEqual(["stopped_by_policy", "stopped_by_policy"]);
  },
  generousMs,
);

test(
  "with a service that is killed: the client's process ends and says why, and the next one runs the server itself",
  async () => {
    const service = await serve();
    const first = connect();
    await first.initialize();
    const pid = await first.serverPid();
    const second = connect();
    await second.initialize();
    expect(await second.serverPid()).toBe(pid);
    second.child.stdin.end();
    expect(await second.exited).toBe(0);
    service.kill("SIGKILL");
    expect(await first.exited).toBe(1);
    expect(first.stderr()).toMatch(/connection to MCPProxy has ended.*connect again/);
    await untilGone(pid);
    const third = connect();
    await third.initialize();
    expect(await third.serverPid()).not.toBe(pid);
    third.child.kill("SIGTERM");
    expect(await third.exited).toBe(0);
  },
  generousMs,
);

test(
  "a service that begins meanwhile leaves the client's own server alone, and takes the next client",
  async () => {
    const first = connect();
    await first.initialize();
    const pid = await first.serverPid();
    await serve();
    const second = connect();
    await second.initialize();
    expect(await second.serverPid()).not.toBe(pid);
    expect(calledSchema.parse(await first.ask(3, "tools/call", { name: "x" })).result.content[0].text).toBe(pid);
    first.child.stdin.end();
    expect(await first.exited).toBe(0);
    await untilGone(pid);
  },
  generousMs,
);

test(
  "a name that is not configured is said on stderr alone",
  async () => {
    const client = connect("nobody");
    expect(await client.exited).toBe(2);
    expect(client.stderr()).toMatch(/no server is called "nobody".*Configured: own/);
    expect(client.received).toEqual([]);
  },
  generousMs,
);
