import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEvent, RunRecord } from "@mcpproxy/core/run/run-record";
import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import { z } from "zod";
import { readEnvironment } from "../../environment.ts";
import { until } from "../../testing/until.ts";
import { dockerCommand, removeAllOf, type DockerCommand } from "./docker-command.ts";
import { openProofClient, RequestLedger, type ProofClient } from "./proof-client.ts";
import { spawnServe, type ServedProcess } from "./served-process.ts";

const deadlineMs = 60_000;

// The API answers with exactly these records: both sides of it are typed by the same declarations.
const serversSchema = z.object({ servers: z.array(z.custom<ServerRecord>()) });
const runsSchema = z.object({ runs: z.array(z.custom<RunRecord>()) });
const eventsSchema = z.object({ events: z.array(z.custom<RunEvent>()) });

export interface ProxyUnderTestOptions {
  /** DOCKER_HOST of the proxy; the daemon that the docker command would use when absent. */
  readonly dockerHost?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A real `mcpproxy serve` with a home of its own, which can be killed and started again. */
export interface ProxyUnderTest extends AsyncDisposable {
  readonly home: string;
  readonly configPath: string;
  readonly dataDirectory: string;
  readonly logDirectory: string;
  readonly url: string;
  readonly instanceId: string;
  readonly docker: DockerCommand;
  readonly requests: RequestLedger;
  /** The one of now; undefined before the first start. */
  readonly process: ServedProcess | undefined;
  readonly isRunning: boolean;
  writeConfig(config: object): Promise<void>;
  /** Starts it and waits until it listens; on the same port each time. */
  start(): Promise<void>;
  /** A second `mcpproxy serve` on the same config and data directory, with a port of its own; the caller ends it. */
  startBeside(): Promise<ServedProcess>;
  /** kill -9, as a machine that loses its mind would. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** The `data` of a REST answer; rejects when there is none. */
  rest(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<unknown>;
  server(name: string): Promise<ServerRecord>;
  servers(): Promise<readonly ServerRecord[]>;
  untilState(name: string, ...states: readonly ServerState[]): Promise<ServerRecord>;
  /** Newest first, at most 500; of one server when named. */
  runs(server?: string): Promise<readonly RunRecord[]>;
  events(runId: string): Promise<readonly RunEvent[]>;
  /** Resolves with the run once it has its verdict. */
  untilEnded(runId: string): Promise<RunRecord>;
  /** A new session at a server of its own address. */
  client(server: string): Promise<ProofClient>;
  mainLog(): Promise<string>;
}

/** Makes a home with this config; nothing is started. */
export async function prepareProxy(config: object, options: ProxyUnderTestOptions = {}): Promise<ProxyUnderTest> {
  const home = await mkdtemp(join(tmpdir(), "mcpproxy-recovery-"));
  const proxy = new PreparedProxy({ home, port: await freePort(), options });
  await proxy.writeConfig(config);
  // Before the first start, so that a test can look at its containers at any time.
  await writeFile(join(home, "instance_id"), proxy.instanceId, { mode: 0o600 });
  return proxy;
}

/** The same, and starts it. */
export async function startProxy(config: object, options: ProxyUnderTestOptions = {}): Promise<ProxyUnderTest> {
  const proxy = await prepareProxy(config, options);
  await proxy.start();
  return proxy;
}

interface Place {
  readonly home: string;
  readonly port: number;
  readonly options: ProxyUnderTestOptions;
}

class PreparedProxy implements ProxyUnderTest {
  readonly home: string;
  readonly configPath: string;
  readonly dataDirectory: string;
  readonly logDirectory: string;
  readonly url: string;
  readonly instanceId: string;
  readonly docker: DockerCommand;
  readonly requests = new RequestLedger();
  process: ServedProcess | undefined;
  private readonly place: Place;

  constructor(place: Place) {
    this.place = place;
    this.home = place.home;
    this.configPath = join(place.home, "mcp_config.json");
    this.dataDirectory = place.home;
    this.logDirectory = join(place.home, "logs");
    this.url = `http://127.0.0.1:${place.port}`;
    this.instanceId = `test-${place.home.split("-").at(-1) ?? ""}-${place.port}`;
    this.docker = dockerCommand(place.options.dockerHost);
  }

  get isRunning(): boolean {
    return this.process !== undefined && !this.process.hasExited;
  }

  async writeConfig(config: object): Promise<void> {
    await writeFile(this.configPath, JSON.stringify(config, undefined, 2));
  }

  async start(): Promise<void> {
    this.process = this.spawnOn(this.place.port);
    await this.process.listening();
  }

  async startBeside(): Promise<ServedProcess> {
    const second = this.spawnOn(await freePort());
    await second.listening();
    return second;
  }

  private spawnOn(port: number): ServedProcess {
    const { home, options } = this.place;
    const inherited = readEnvironment().processVariables;
    const engine = options.dockerHost === undefined ? {} : { DOCKER_HOST: options.dockerHost };
    const paths = ["--config", this.configPath, "--data-dir", this.dataDirectory, "--log-dir", this.logDirectory];
    return spawnServe({
      args: [...paths, "--listen", `127.0.0.1:${port}`],
      // HOME is inherited by everything that MCPProxy starts: it marks the processes of this test.
      variables: { ...inherited, ...engine, ...options.variables, HOME: home },
    });
  }

  async kill(): Promise<void> {
    await this.process?.end("SIGKILL");
  }

  async stop(): Promise<number | null> {
    return (await this.process?.end("SIGTERM")) ?? null;
  }

  async rest(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<unknown> {
    const key = (await readFile(join(this.dataDirectory, "api_key"), "utf8")).trim();
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { "x-api-key": key, "content-type": "application/json" },
      ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    const answer: unknown = await response.json();
    if (response.ok && isRecord(answer)) return answer["data"];
    throw new Error(`${method} ${path}: HTTP ${response.status} ${JSON.stringify(answer)}`);
  }

  async servers(): Promise<readonly ServerRecord[]> {
    return serversSchema.parse(await this.rest("GET", "/servers")).servers;
  }

  async server(name: string): Promise<ServerRecord> {
    const found = (await this.servers()).find((server) => server.name === name);
    if (found === undefined) throw new Error(`No server ${name}`);
    return found;
  }

  async untilState(name: string, ...states: readonly ServerState[]): Promise<ServerRecord> {
    let last: ServerRecord | undefined;
    const look = async (): Promise<ServerRecord | undefined> => {
      last = await this.server(name);
      return states.includes(last.state) ? last : undefined;
    };
    try {
      return await until(`${name} is ${states.join(" or ")}`, look, deadlineMs);
    } catch (error) {
      throw new Error(`${name} is ${last?.state}: ${JSON.stringify(last?.lastVerdict ?? last?.problem)}`, {
        cause: error,
      });
    }
  }

  async runs(server?: string): Promise<readonly RunRecord[]> {
    const filter = server === undefined ? "" : `&server=${encodeURIComponent(server)}`;
    return runsSchema.parse(await this.rest("GET", `/runs?limit=500${filter}`)).runs;
  }

  async events(runId: string): Promise<readonly RunEvent[]> {
    return eventsSchema.parse(await this.rest("GET", `/runs/${runId}/events`)).events;
  }

  async untilEnded(runId: string): Promise<RunRecord> {
    const look = async (): Promise<RunRecord | undefined> =>
      (await this.runs()).find((run) => run.id === runId && run.state === "ended");
    return await until(`run ${runId} has ended`, look, deadlineMs);
  }

  async client(server: string): Promise<ProofClient> {
    return await openProofClient(`${this.url}/mcp/${server}`, this.requests);
  }

  async mainLog(): Promise<string> {
    return await readFile(join(this.logDirectory, "main.log"), "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await removeAllOf(this.docker, this.instanceId);
    await rm(this.home, { recursive: true, force: true, maxRetries: 3 });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
