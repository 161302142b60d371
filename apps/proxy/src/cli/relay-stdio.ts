import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { configStamp } from "../config/config-stamp.ts";
import { createEarlyAnswer } from "../fronts/line/early-answer.ts";
import { recallHandshake } from "../fronts/line/recall-handshake.ts";
import { relay, type LineSide } from "../fronts/line/relay.ts";
import { connectToLocalSocket, localSocketPath } from "../fronts/line/socket-client.ts";
import type { Paths } from "../paths.ts";
import { stopSignal } from "./stop-signal.ts";

/** For the last answers, and for a server to end after its input: most need 40 ms. The rest goes on without the client. */
const lingerMs = 120;

export interface RelayStdioRequest {
  readonly serverName: string;
  readonly paths: Pick<Paths, "config" | "dataDirectory" | "handshakes">;
  /** The program and arguments that run the server itself. */
  readonly alone: readonly [string, ...string[]];
}

/**
 * Serves a client on stdin and stdout through the running service, or through a process of its own that outlives this
 * one until the server has stopped in order. Resolves with the exit code. Nothing but MCP goes to stdout.
 */
export async function relayStdio(request: RelayStdioRequest): Promise<number> {
  const { serverName, paths } = request;
  const connection = await connectToLocalSocket(localSocketPath(paths.dataDirectory), serverName);
  switch (connection.kind) {
    case "connected": {
      const { socket } = connection;
      const left = await relayTo({ input: socket, output: socket });
      socket.destroy();
      if (left === "client") return 0;
      say(
        `mcpproxy: the connection to MCPProxy has ended: it stopped, or the server "${serverName}" ended its session. Calls in flight have failed; connect again, and a new process takes over.`,
      );
      return 1;
    }
    case "refused":
      say(`mcpproxy: ${connection.message}`);
      return 2;
    case "nobody-listens":
      return await runAlone(request);
    default:
      return connection satisfies never;
  }
}

async function runAlone({ alone: [program, ...args], serverName, paths }: RelayStdioRequest): Promise<number> {
  // In a group of its own: whoever ends this process and its group must not keep the server from being stopped in order.
  const child = spawn(program, args, { detached: true, windowsHide: true, stdio: ["pipe", "pipe", "pipe"] });
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  child.once("error", (error) => {
    say(`mcpproxy: ${program} could not be started: ${error.message}`);
    end(2);
  });
  child.once("exit", (code) => end(code ?? 1));
  child.stderr.pipe(process.stderr, { end: false });
  const left = await relayTo(withEarlyAnswer(child, { serverName, paths }));
  if (left === "service") {
    const code = await ended;
    if (code === 0)
      say(`mcpproxy: the server "${serverName}" has ended the session; connect again to begin a new one.`);
    return code === 0 ? 1 : code;
  }
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  child.unref();
  return 0;
}

/** Loading the whole program takes half a second; what a server said of itself last time is told before. */
function withEarlyAnswer(
  { stdin, stdout }: ChildProcessWithoutNullStreams,
  { serverName, paths }: Pick<RelayStdioRequest, "serverName" | "paths">,
): LineSide {
  const recalled = recallHandshake(paths.handshakes, { server: serverName, stamp: configStamp(paths.config) });
  if (recalled === undefined) return { input: stdout, output: stdin };
  const early = createEarlyAnswer(recalled, (answer) => process.stdout.write(answer));
  stdin.on("error", () => undefined);
  early.fromClient.pipe(stdin);
  return { input: stdout.pipe(early.fromService), output: early.fromClient };
}

async function relayTo(service: LineSide): Promise<"client" | "service"> {
  const client = { input: process.stdin, output: process.stdout };
  const left = await relay({ client, service, whenStopped: stopSignal(), lingerMs });
  process.stdin.destroy();
  return left;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
