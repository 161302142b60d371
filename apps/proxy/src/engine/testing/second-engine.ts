import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../../testing/until.ts";

const run = promisify(execFile);
const answerDeadlineMs = 60_000;

export interface SecondEngine extends AsyncDisposable {
  /** unix://… */
  readonly host: string;
  readonly socketPath: string;
  /** Stops the daemon, and with it its containers, and starts it again after what is done while it is away. */
  restart(whileAway: () => Promise<void>): Promise<void>;
  /** Ends the daemon. SIGKILL leaves its containers running, and so does SIGTERM with live restore. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts it after `end`; resolves when it answers. */
  begin(): Promise<void>;
  /** It takes connections but never answers, until it goes on. */
  freeze(): void;
  goOn(): void;
}

export interface SecondEngineOptions {
  /** Containers outlive the daemon. */
  readonly hasLiveRestore?: boolean;
}

/**
 * A second Docker daemon of this machine, with nothing shared: network and mounts are in namespaces of its own, because
 * a second daemon in the first one's network would take its bridge away. Its containers have no network. Needs root.
 */
export async function startSecondEngine(
  images: readonly string[],
  { hasLiveRestore = false }: SecondEngineOptions = {},
): Promise<SecondEngine> {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-engine-"));
  const engine = new PrivateDaemon({ folder, spaces: await openSpaces(folder), hasLiveRestore });
  try {
    await engine.begin();
    for (const image of images) await copyImage(image, engine.host);
  } catch (error) {
    const log = await readFile(join(folder, "log"), "utf8").catch(() => "");
    await engine[Symbol.asyncDispose]();
    throw new Error(`no second engine: ${log.split("\n").slice(-5).join("\n")}`, { cause: error });
  }
  return engine;
}

interface PrivateDaemonPlace {
  readonly folder: string;
  /** Its containerd, as a service of its own: a daemon that is killed and started again finds it and its mounts. */
  readonly spaces: ChildProcess;
  readonly hasLiveRestore: boolean;
}

class PrivateDaemon implements SecondEngine {
  readonly host: string;
  readonly socketPath: string;
  private readonly place: PrivateDaemonPlace;
  private daemon: ChildProcess | undefined;

  constructor(place: PrivateDaemonPlace) {
    this.place = place;
    this.socketPath = join(place.folder, "docker.sock");
    this.host = `unix://${this.socketPath}`;
  }

  async begin(): Promise<void> {
    const { folder, spaces, hasLiveRestore } = this.place;
    const live = hasLiveRestore ? "--live-restore" : "";
    const flags = `--data-root ${folder}/data --exec-root ${folder}/exec --pidfile ${folder}/pid --containerd ${folder}/containerd.sock --bridge=none --iptables=false ${live}`;
    const script = `exec dockerd ${flags} -H ${this.host} >>${folder}/log 2>&1`;
    const daemon = spawn("nsenter", ["--target", `${spaces.pid}`, "--net", "--mount", "sh", "-c", script], {
      stdio: "ignore",
    });
    this.daemon = daemon;
    await until("the second engine answers", () => answers(this.host, daemon), answerDeadlineMs);
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { daemon } = this;
    if (daemon === undefined || hasEnded(daemon)) return;
    const exited = once(daemon, "exit");
    daemon.kill(signal);
    await exited;
  }

  freeze(): void {
    this.daemon?.kill("SIGSTOP");
  }

  goOn(): void {
    this.daemon?.kill("SIGCONT");
  }

  async restart(whileAway: () => Promise<void>): Promise<void> {
    await this.end("SIGTERM");
    await whileAway();
    await this.begin();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { folder, spaces } = this.place;
    try {
      await this.removeContainers();
    } finally {
      await this.end("SIGTERM");
      const exited = once(spaces, "exit");
      spaces.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** A daemon that was killed has left them running, and one with live restore does so always. */
  private async removeContainers(): Promise<void> {
    const { daemon } = this;
    if (daemon === undefined) return;
    this.goOn();
    if (hasEnded(daemon)) await this.begin();
    const names = await containerNames(this.host);
    if (names.length > 0) await run("docker", ["-H", this.host, "rm", "--force", ...names]);
  }
}

/** Names of the containers of this engine, running or not. */
export async function containerNames(host: string): Promise<readonly string[]> {
  const { stdout } = await run("docker", ["-H", host, "ps", "--all", "--format", "{{.Names}}"]);
  return stdout.split("\n").filter((name) => name !== "");
}

async function openSpaces(folder: string): Promise<ChildProcess> {
  const flags = `--root ${folder}/containerd --state ${folder}/containerd-state --address ${folder}/containerd.sock`;
  const script = `ip link set lo up && echo open && exec containerd ${flags} 2>>${folder}/containerd.log`;
  const spaces = spawn("unshare", ["--net", "--mount", "sh", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(spaces.stdout, "data");
  return spaces;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function answers(host: string, daemon: ChildProcess): Promise<true | undefined> {
  if (hasEnded(daemon)) throw new Error(`dockerd exited with ${daemon.exitCode ?? daemon.signalCode}`);
  return await run("docker", ["-H", host, "version"]).then(
    () => true as const,
    () => undefined,
  );
}

async function copyImage(image: string, host: string): Promise<void> {
  const save = spawn("docker", ["save", image], { stdio: ["ignore", "pipe", "inherit"] });
  const load = spawn("docker", ["-H", host, "load"], { stdio: ["pipe", "ignore", "inherit"] });
  save.stdout.pipe(load.stdin);
  const [code] = await once(load, "exit");
  if (code !== 0) throw new Error(`docker load of ${image} exited with ${String(code)}`);
}
