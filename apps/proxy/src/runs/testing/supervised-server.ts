import { scanMessage } from "../../bridge/scan-message.ts";
import { createSession, type Session } from "../../bridge/session.ts";
import type { TestService } from "../../testing/start-test-service.ts";
import type { Connection } from "../connection.ts";
import type { ServerSupervisor } from "../server-supervisor.ts";

/**
 * Exits with 4 at once while the file of its first argument exists. Answers every request with its process id after
 * the milliseconds of its second, "die" by exiting with 3, "exit" with 0, "hang" never, and nothing after "deaf";
 * writes pings and other requests of MCPProxy's own to stderr.
 */
const program = `
  const [path, delayMs = "0"] = process.argv.slice(1);
  if (require("node:fs").existsSync(path)) process.exit(4);
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method === "die") process.exit(3);
    if (method === "exit") process.exit(0);
    if (method === "hang") return;
    if (method === "deaf") {
      setInterval(() => {}, 1_000);
      process.stdin.pause();
    }
    if (method === "ping") console.error("pinged");
    if (id === "mcpproxy") console.error("asked " + method + " " + JSON.stringify(params));
    const handshake = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "a", version: "1" } };
    const result = { ...(method === "initialize" ? handshake : {}), pid: process.pid };
    if (id !== undefined) setTimeout(() => console.log(JSON.stringify({ jsonrpc: "2.0", id, result })), Number(delayMs));
  });
`;

export interface SupervisedEntry {
  readonly name?: string;
  /** The server fails while this file exists. */
  readonly failsWhile?: string;
  readonly answerDelayMs?: number;
  readonly isolation?: Readonly<Record<string, unknown>>;
}

/** A config entry of a server that does what a test of supervision needs, as a process of the host. */
export function supervisedEntry({ name = "a", failsWhile, answerDelayMs, isolation }: SupervisedEntry = {}) {
  return {
    name,
    command: process.execPath,
    args: ["-e", program, failsWhile ?? "/nonexistent", String(answerDelayMs ?? 0)],
    isolation: { enabled: false, ...isolation },
  };
}

/** The supervisor of a server of a test's service. */
export function supervisorOf({ service }: Pick<TestService, "service">, name = "a"): ServerSupervisor {
  const server = service.core.supervisor.find(name);
  if (server === undefined) throw new Error(`no ${name}`);
  return server;
}

export interface TestClient {
  readonly session: Session;
  readonly connection: Connection;
  /** How often the server ended the session. */
  readonly overs: number;
  /** Starts the server if need be, then asks. */
  ask(method: string, params?: object): Promise<string>;
}

/** A client that is connected to a server. */
export function clientOf(server: ServerSupervisor, id = "client", onOver: () => void = () => undefined): TestClient {
  const session = createSession(id, () => undefined);
  let overs = 0;
  const connection = server.connect(session, () => {
    overs += 1;
    onOver();
  });
  return {
    session,
    connection,
    get overs() {
      return overs;
    },
    async ask(method, params) {
      await connection.ensureReady("call");
      return await answerTo({ connection, session }, { jsonrpc: "2.0", id: 1, method, params: params ?? {} });
    },
  };
}

/** The JSON text of the answer to a request. */
function answerTo(
  { connection, session }: Pick<TestClient, "connection" | "session">,
  request: object,
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const message = scanMessage(Buffer.from(JSON.stringify(request)));
  if (message.kind !== "request") throw new Error("a request");
  connection.bridge.request(session, message, {
    onMessage: () => false,
    onResult: (answer) => resolve(answer.toString()),
    onCancelled: () => resolve("cancelled"),
  });
  return promise;
}
