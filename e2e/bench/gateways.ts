import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { connect } from "node:net";
import { freePort } from "../harness/free-port.ts";
import { startProcess, type ManagedProcess } from "../harness/managed-process.ts";
import { repository } from "../harness/repository.ts";
import { until } from "../harness/until.ts";

/** Another proxy in front of the same fixture. */
export interface Gateway {
  readonly pid: number;
  readonly url: string;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
const program = (packageName: string, file: string) =>
  join(dirname(require.resolve(`${packageName}/package.json`)), file);

/** supergateway in its stateful Streamable HTTP mode: one child per session. */
export async function startSupergateway(): Promise<Gateway> {
  const port = await freePort();
  return opened(
    port,
    startProcess({
      program: process.execPath,
      args: [
        program("supergateway", "dist/index.js"),
        "--stdio",
        `${process.execPath} ${repository.nodeFixture}`,
        "--outputTransport",
        "streamableHttp",
        "--stateful",
        "--sessionTimeout",
        "60000",
        "--logLevel",
        "none",
        "--port",
        String(port),
      ],
    }),
  );
}

/** mcp-proxy with its defaults: one server, sessions kept. */
export async function startMcpProxy(): Promise<Gateway> {
  const port = await freePort();
  return opened(
    port,
    startProcess({
      program: process.execPath,
      args: [
        program("mcp-proxy", "dist/bin/mcp-proxy.mjs"),
        "--server",
        "stream",
        "--host",
        "127.0.0.1",
        "--port",
        String(port),
        "--",
        process.execPath,
        repository.nodeFixture,
      ],
    }),
  );
}

async function opened(port: number, gateway: ManagedProcess): Promise<Gateway> {
  await until(`port ${port} accepts connections`, () => acceptsConnections(port), { deadlineMs: 20_000 }).catch(
    (error: unknown) => {
      throw new Error(`The gateway did not start:\n${gateway.output()}`, { cause: error });
    },
  );
  return {
    pid: gateway.pid,
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => void (await gateway.stop("SIGTERM", 6_000)),
  };
}

function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() !== undefined));
    socket.on("error", () => resolve(false));
  });
}
