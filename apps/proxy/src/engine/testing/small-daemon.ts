import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { readEnvironment } from "../../environment.ts";
import { until } from "../../testing/until.ts";

/** A Docker Engine of its own whose disk is small. */
export interface SmallDaemon extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly dockerHost: string;
}

export interface SmallDaemonOptions {
  readonly diskBytes: number;
  /** A port of this machine's loopback that its own loopback has too. */
  readonly sharedPort: number;
}

/** True where such an engine can be started: as root on Linux, with dockerd and the programs for a file system in a file. */
export function canStartSmallDaemon(): boolean {
  return process.getuid?.() === 0 && ["dockerd", "unshare", "mkfs.ext4", "ip"].every(isOnPath);
}

function isOnPath(program: string): boolean {
  const folders = (readEnvironment().inherited["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

/**
 * Starts it in namespaces of its own: in the machine's network it would take the main engine's bridge away, and its
 * disk and processes are gone with it.
 */
export async function startSmallDaemon(options: SmallDaemonOptions): Promise<SmallDaemon> {
  const directory = await mkdtemp(join(tmpdir(), "mcpproxy-daemon-"));
  const disk = join(directory, "disk.img");
  await writeFile(disk, "");
  await truncate(disk, options.diskBytes);
  execFileSync("mkfs.ext4", ["-q", disk]);
  await mkdir(join(directory, "data"));
  const bridge = await listenForRelay(join(directory, "relay.sock"), options.sharedPort);
  const logPath = join(directory, "daemon.log");
  const daemon = spawn(
    "unshare",
    ["--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", daemonScript, "sh", directory],
    {
      stdio: "ignore",
      env: { ...readEnvironment().inherited, NODE: process.execPath, PORT: `${options.sharedPort}`, LOG: logPath },
    },
  );
  const dispose = async (): Promise<void> => {
    await kill(daemon);
    bridge.close();
    await rm(directory, { recursive: true, force: true });
  };
  const socketPath = join(directory, "docker.sock");
  try {
    await until("the small daemon answers", () => answers(socketPath, daemon), 30_000);
  } catch (error) {
    const log = await readFile(logPath, "utf8").catch(() => "");
    await dispose();
    throw new Error(`the small daemon did not start: ${log.slice(-2_000)}`, { cause: error });
  }
  return { dockerHost: `unix://${socketPath}`, [Symbol.asyncDispose]: dispose };
}

const daemonScript = `
set -e
exec >"$LOG" 2>&1
cd "$1"
mount --make-rprivate /
ip link set lo up
mount -o loop disk.img data
"$NODE" -e '
  const net = require("node:net");
  net.createServer((client) => {
    const registry = net.connect("relay.sock");
    for (const socket of [client, registry]) socket.on("error", () => { client.destroy(); registry.destroy(); });
    client.pipe(registry).pipe(client);
  }).listen(Number(process.env.PORT), "127.0.0.1");
' &
exec dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/docker.pid" -H "unix://$1/docker.sock" \
  --bridge=none --iptables=false --storage-driver=vfs
`;

/** Sockets in the file system are the same in every network namespace. */
async function listenForRelay(path: string, port: number): Promise<Server> {
  const server = createServer((relay) => {
    const target = connect(port, "127.0.0.1");
    for (const socket of [relay, target]) {
      socket.on("error", () => {
        relay.destroy();
        target.destroy();
      });
    }
    relay.pipe(target).pipe(relay);
  });
  server.listen(path);
  await once(server, "listening");
  return server;
}

async function answers(socketPath: string, daemon: ChildProcess): Promise<true | undefined> {
  if (daemon.exitCode !== null) throw new Error(`it ended with exit code ${daemon.exitCode}`);
  const socket = connect(socketPath);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Not yet.
    return undefined;
  } finally {
    socket.destroy();
  }
}

async function kill(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, "exit");
  daemon.kill("SIGKILL");
  await ended;
}
