import { spawn } from "node:child_process";
import { once } from "node:events";
import { childEnvironment } from "../harness/environment.ts";
import type { Product } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { idOf, legacyVersion } from "./raw-session.ts";

const endDeadlineMs = 5_000;

/** A program that speaks MCP over its stdio: each line it wrote, and answers by raw id. */
export interface LineClient {
  /** All lines in the order of their arrival. */
  readonly lines: readonly string[];
  write(text: string): void;
  /** Sends a request and waits for the line that answers it. */
  send(text: string): Promise<string>;
  initialize(capabilities?: object): Promise<string>;
  close(): Promise<number | null>;
}

/** `mcpproxy stdio SERVER` of a product that runs. */
export function openLineClient(product: Product, server: string): LineClient {
  const args = [repository.proxyProgram, "stdio", server];
  return openProgram({ program: process.execPath, args, environment: product.environment });
}

export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export function openProgram({ program, args, environment = {} }: Program): LineClient {
  const child = spawn(program, args, { env: childEnvironment(environment), stdio: ["pipe", "pipe", "ignore"] });
  const lines: string[] = [];
  const waiting = new Map<string, (line: string) => void>();
  let parts: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const [first = "", ...others] = text.split("\n");
    parts.push(first);
    for (const other of others) {
      take(parts.join(""));
      parts = [other];
    }
  });
  const take = (line: string): void => {
    lines.push(line);
    const { id, method } = JSON.parse(line);
    if (method === undefined) waiting.get(JSON.stringify(id))?.(line);
    // A server that waits for an answer does not end with its input.
    else if (id !== undefined) child.stdin.write(`${refusalOf(line)}\n`);
  };
  const client: LineClient = {
    lines,
    write: (text) => void child.stdin.write(`${text}\n`),
    send(text) {
      const { promise, resolve } = Promise.withResolvers<string>();
      waiting.set(idOf(text), resolve);
      child.stdin.write(`${text}\n`);
      return promise;
    },
    async initialize(capabilities = {}) {
      const params = {
        protocolVersion: legacyVersion,
        capabilities,
        clientInfo: { name: "torture", version: "1.0.0" },
      };
      const answer = await client.send(JSON.stringify({ jsonrpc: "2.0", id: "init", method: "initialize", params }));
      client.write(`{"jsonrpc":"2.0","method":"notifications/initialized"}`);
      return answer;
    },
    async close() {
      const closed = once(child, "close");
      child.stdin.end();
      // Some servers hold on to timers of their own.
      const timer = setTimeout(() => child.kill("SIGKILL"), endDeadlineMs);
      await closed;
      clearTimeout(timer);
      return child.exitCode;
    },
  };
  return client;
}

/** The answer to a request of the server that this client does not serve. */
export function refusalOf(request: string): string {
  return `{"jsonrpc":"2.0","id":${idOf(request)},"error":{"code":-32601,"message":"not served"}}`;
}
