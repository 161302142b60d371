import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../../testing/until.ts";

const run = promisify(execFile);

export interface SecondEngine extends AsyncDisposable {
  /** unix://… */
  readonly host: string;
  readonly socketPath: string;
  /** Stops the daemon, and with it its containers, and starts it again after what is done while it is away. */
  restart(whileAway: () => Promise<void>): Promise<void>;
}

/**
 * A second Docker daemon of this machine, with nothing shared: network and mounts are in namespaces of its own, because
 * a second daemon in the first one's network would take its bridge away. Its containers have no network. Needs root.
 */
export async function startSecondEngine(images: readonly string[]): Promise<SecondEngine> {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-engine-"));
  const socketPath = join(folder, "docker.sock");
  const host = `unix://${socketPath}`;
  const flags = `--data-root ${folder}/data --exec-root ${folder}/exec --pidfile ${folder}/pid --bridge=none --iptables=false`;
  const script = `ip link set lo up; exec dockerd ${flags} -H ${host} >>${folder}/log 2>&1`;
  const begin = (): ChildProcess => spawn("unshare", ["--net", "--mount", "sh", "-c", script], { stdio: "ignore" });
  let daemon = begin();
  const answered = (): Promise<true> =>
    until("the second engine answers", () => answers(host, daemon.exitCode), 30_000);
  const end = async (): Promise<void> => {
    const exited = once(daemon, "exit");
    daemon.kill("SIGTERM");
    await exited;
  };
  const stop = async (): Promise<void> => {
    if (daemon.exitCode === null) await end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answered();
    for (const image of images) await copyImage(image, host);
  } catch (error) {
    const log = await readFile(join(folder, "log"), "utf8").catch(() => "");
    await stop();
    throw new Error(`no second engine: ${log.split("\n").slice(-5).join("\n")}`, { cause: error });
  }
  return {
    host,
    socketPath,
    async restart(whileAway) {
      await end();
      await whileAway();
      daemon = begin();
      await answered();
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Names of the containers of this engine, running or not. */
export async function containerNames(host: string): Promise<readonly string[]> {
  const { stdout } = await run("docker", ["-H", host, "ps", "--all", "--format", "{{.Names}}"]);
  return stdout.split("\n").filter((name) => name !== "");
}

async function answers(host: string, exitCode: number | null): Promise<true | undefined> {
  if (exitCode !== null) throw new Error(`dockerd exited with ${exitCode}`);
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
