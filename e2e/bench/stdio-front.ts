import { spawn } from "node:child_process";
import { once } from "node:events";
import { protocolVersion } from "../harness/mcp-http-client.ts";
import { childEnvironment } from "../harness/environment.ts";
import { startProduct } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { configOf, hostFixture } from "../harness/server-entries.ts";
import { percentile } from "./series.ts";

/** Medians from spawn to the first answer, in milliseconds. */
export interface StdioFront {
  readonly frontMs: number;
  /** The same server without MCPProxy. */
  readonly directMs: number;
}

/** `mcpproxy stdio` beside a `serve` whose server is warm, and the server itself, in turns. */
export async function measureStdioFront(repetitions: number): Promise<StdioFront> {
  const product = await startProduct({ config: configOf([hostFixture({ name: "bench" })]) });
  try {
    await product.api.serverIn("bench", "ready");
    const front: number[] = [];
    const direct: number[] = [];
    for (let repetition = 0; repetition <= repetitions; repetition += 1) {
      front.push(await firstAnswerMs([repository.proxyProgram, "stdio", "bench"], product.environment));
      direct.push(await firstAnswerMs([repository.nodeFixture], {}));
    }
    return { frontMs: median(front.slice(1)), directMs: median(direct.slice(1)) };
  } finally {
    await product.dispose();
  }
}

async function firstAnswerMs(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { env: childEnvironment(settings), stdio: ["pipe", "pipe", "ignore"] });
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: "bench", version: "1.0.0" } };
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
  await once(child.stdout, "data");
  const elapsedMs = performance.now() - startedMs;
  const closed = once(child, "close");
  child.stdin.end();
  await closed;
  return elapsedMs;
}

function median(times: readonly number[]): number {
  return percentile(
    times.toSorted((one, other) => one - other),
    50,
  );
}
