import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { protocolVersion } from "../harness/mcp-http-client.ts";
import type { EchoCaller } from "./series.ts";

const answerId = /"id":(\d+)/;

/** Callers that share one stdio server, as clients of a shared server do; ids tell their answers apart. */
export async function stdioCallers(request: {
  readonly program: string;
  readonly args: readonly string[];
  readonly count: number;
}): Promise<readonly EchoCaller[]> {
  const child = spawn(request.program, request.args, { stdio: "pipe" });
  const send = correlate(child);
  await send("initialize", { protocolVersion, capabilities: {}, clientInfo: { name: "bench", version: "1.0.0" } });
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return Array.from({ length: request.count }, () => ({
    echo: (message: string) => send("tools/call", { name: "echo", arguments: { message } }),
    close: () => endChild(child),
  }));
}

function correlate(child: ChildProcessWithoutNullStreams) {
  const waiting = new Map<string, PromiseWithResolvers<string>>();
  let nextId = 1;
  let errorText = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errorText = (errorText + text).slice(-500)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const id = answerId.exec(line)?.[1] ?? "";
    waiting.get(id)?.resolve(line);
    waiting.delete(id);
  });
  child.on("close", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The server ended with code ${code}: ${errorText}`));
  });
  return (method: string, params: unknown) => {
    const answer = Promise.withResolvers<string>();
    const id = nextId++;
    waiting.set(String(id), answer);
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return answer.promise;
  };
}

async function endChild(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.stdin.end();
  await closed;
}
