import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { until } from "../../testing/until.ts";

export interface HttpEverything extends AsyncDisposable {
  readonly port: number;
  /** Kills it at once, with all that it knows. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** The reference server from npm over HTTP, as a process of its own. */
export async function startEverything(mode: "streamableHttp" | "sse"): Promise<HttpEverything> {
  const port = await freePort();
  const program = fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"));
  let child: ReturnType<typeof spawn> | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [program, mode], { env: { PORT: String(port) }, stdio: "ignore" });
    await until("the server to listen", async () => await answersAt(port), 60_000);
  };
  await start();
  return { port, kill, start, [Symbol.asyncDispose]: kill };
}

async function answersAt(port: number): Promise<true | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/nothing`);
    await response.arrayBuffer();
    return true;
  } catch {
    return undefined;
  }
}

/** A port that nobody uses just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}
