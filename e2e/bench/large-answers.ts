import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startTortured, tortureProgram, tortureServer } from "../torture/torture-product.ts";
import { percentile } from "./series.ts";

/** One answer of a size: median times over a plain pipe and through MCPProxy, in turns. */
export interface LargeAnswer {
  readonly megabytes: number;
  readonly pipeMs: number;
  readonly proxyMs: number;
}

const sizes = [8, 16, 32, 60];

export async function measureLargeAnswers(repetitions: number): Promise<readonly LargeAnswer[]> {
  const product = await startTortured([tortureServer("bench")]);
  try {
    const { sessionId } = await openMcpSession(product.mcpUrl("bench"));
    const url = product.mcpUrl("bench");
    const answers: LargeAnswer[] = [];
    for (const megabytes of sizes) {
      const times = { pipe: new Array<number>(), proxy: new Array<number>() };
      for (let repetition = 0; repetition <= repetitions; repetition += 1) {
        times.pipe.push(await overPipe(megabytes));
        times.proxy.push(await overHttp({ url, sessionId: sessionId ?? "", megabytes }));
      }
      answers.push({ megabytes, pipeMs: median(times.pipe.slice(1)), proxyMs: median(times.proxy.slice(1)) });
    }
    return answers;
  } finally {
    await product.dispose();
  }
}

const bodyOf = (megabytes: number) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"big","arguments":{"bytes":${megabytes * 2 ** 20}}}}`;

/** From the request to the last byte; nobody keeps or reads what comes. */
async function overPipe(megabytes: number): Promise<number> {
  const child = spawn(process.execPath, [tortureProgram], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.write(`{"jsonrpc":"2.0","id":0,"method":"ping"}\n`);
  await once(child.stdout, "data");
  const startedMs = performance.now();
  child.stdin.write(`${bodyOf(megabytes)}\n`);
  for await (const chunk of child.stdout) if (Buffer.isBuffer(chunk) && chunk.at(-1) === 0x0a) break;
  const elapsedMs = performance.now() - startedMs;
  child.stdin.end();
  return elapsedMs;
}

interface OverHttp {
  readonly url: string;
  readonly sessionId: string;
  readonly megabytes: number;
}

async function overHttp({ url, sessionId, megabytes }: OverHttp): Promise<number> {
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-session-id": sessionId,
  };
  const startedMs = performance.now();
  const outgoing = request(url, { method: "POST", headers });
  outgoing.end(bodyOf(megabytes));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  outgoing.on("error", reject).on("response", (incoming) => {
    incoming.on("data", () => undefined).on("end", () => resolve(performance.now() - startedMs));
  });
  return promise;
}

function median(times: readonly number[]): number {
  return percentile(
    times.toSorted((one, other) => one - other),
    50,
  );
}
