import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeTestContainers } from "../../engine/testing/docker-fixture.ts";
import { readEnvironment } from "../../environment.ts";
import { until } from "../../testing/until.ts";
import { connectClient, type McpClient } from "./mcp-client.ts";
import { engineSchema, proofRunSchema, runPageSchema, successSchema, type ProofRun } from "./proof-run.ts";

const program = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
/** The machine may be busy; what does come, comes in a second or two. */
const patienceMs = 60_000;

export interface ApiRequest {
  readonly path: string;
  readonly method?: "GET" | "POST" | "PATCH";
  readonly body?: object;
}

/** MCPProxy as people run it: a process of its own, asked over HTTP. */
export interface ProofProxy extends AsyncDisposable {
  readonly url: string;
  /** The data of an answer; rejects when it tells of no success. */
  api(request: ApiRequest): Promise<unknown>;
  /** A client of one server. */
  connect(server: string): McpClient;
  /** The oldest run of a server, when it is as asked. */
  firstRun(server: string, isSo: (run: ProofRun) => boolean): Promise<ProofRun>;
  /** Waits until MCPProxy sees its engine. */
  engineIsThere(): Promise<void>;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  begin(): Promise<void>;
}

export interface ProofProxyOptions {
  readonly config: object;
  /** DOCKER_HOST, when it is not the engine of the other tests. */
  readonly dockerHost?: string;
}

export async function startProofProxy({ config, dockerHost }: ProofProxyOptions): Promise<ProofProxy> {
  const home = await mkdtemp(join(tmpdir(), "mcpproxy-verdicts-"));
  const paths = { config: join(home, "mcp_config.json"), data: join(home, "data"), logs: join(home, "logs") };
  const url = `http://127.0.0.1:${await freePort()}`;
  const { inherited } = readEnvironment();
  let daemon: ChildProcess | undefined;
  let output = "";

  const apiKey = async (): Promise<string> => (await readFile(join(paths.data, "api_key"), "utf8")).trim();
  const ask = async ({ path, method = "GET", body }: ApiRequest): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { "x-api-key": await apiKey(), "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return successSchema.parse(JSON.parse(text)).data;
  };
  const begin = async (): Promise<void> => {
    const flags = ["--config", paths.config, "--data-dir", paths.data, "--log-dir", paths.logs];
    const env = { ...inherited, HOME: home, ...(dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }) };
    const child = spawn(process.execPath, [program, "serve", ...flags, "--listen", new URL(url).host], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
    daemon = child;
    await until("MCPProxy answers", () => isServing(url, child, output), patienceMs);
  };
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const exited = once(daemon, "exit");
    daemon.kill(signal);
    await exited;
  };
  await mkdir(paths.data, { recursive: true });
  await writeFile(paths.config, JSON.stringify(config, undefined, 2));
  await begin();
  return {
    url,
    api: ask,
    connect: (server) => connectClient({ url: `${url}/mcp/${server}`, apiKey }),
    firstRun: (server, isSo) =>
      until(
        `the first run of ${server} is as expected`,
        async () => {
          const { runs } = runPageSchema.parse(await ask({ path: `/runs?server=${server}&limit=100` }));
          const oldest = runs.at(-1);
          if (oldest === undefined) return undefined;
          const run = proofRunSchema.parse(await ask({ path: `/runs/${oldest.id}` }));
          return isSo(run) ? run : undefined;
        },
        patienceMs,
      ),
    async engineIsThere() {
      const look = async (): Promise<true | undefined> => {
        const status = engineSchema.parse(await ask({ path: "/docker/status" }));
        return status.state === "unavailable" ? undefined : true;
      };
      await until("MCPProxy sees its engine", look, patienceMs);
    },
    end,
    begin,
    async [Symbol.asyncDispose]() {
      await end("SIGTERM");
      const instanceId = (await readFile(join(paths.data, "instance_id"), "utf8")).trim();
      await removeTestContainers(instanceId);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function isServing(url: string, child: ChildProcess, output: string): Promise<true | undefined> {
  if (child.exitCode !== null) throw new Error(`MCPProxy exited with ${child.exitCode}: ${output}`);
  const response = await fetch(`${url}/healthz`).catch(() => undefined);
  return response?.ok === true ? true : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
