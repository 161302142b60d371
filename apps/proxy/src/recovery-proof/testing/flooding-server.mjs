/**
 * A stdio MCP server that floods its stderr: `node flooding-server.mjs`.
 * Tools: echo {text}; flood {lines, perSecond}; longLine {bytes}; garbage {bytes}. Each answers when all is written.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";

const answer = (id, result) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);

async function write(bytes) {
  if (!process.stderr.write(bytes)) await once(process.stderr, "drain");
}

async function flood({ lines, perSecond }) {
  const beganMs = performance.now();
  for (let index = 0; index < lines; index += 1) {
    await write(`line ${index} of a flood ${"x".repeat(60)}\n`);
    const aheadMs = (index / perSecond) * 1_000 - (performance.now() - beganMs);
    if (aheadMs > 5) await new Promise((resolve) => setTimeout(resolve, aheadMs));
  }
}

async function longLine({ bytes }) {
  const chunk = Buffer.alloc(1024 * 1024, "y");
  for (let left = bytes; left > 0; left -= chunk.length) await write(chunk.subarray(0, left));
  await write("\nafter the long line\n");
}

async function garbage({ bytes }) {
  await write(Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 7919) % 256)));
  await write("\nafter the garbage\n");
}

const tools = { echo: async () => undefined, flood, longLine, garbage };

async function call(id, { name, arguments: values = {} }) {
  await tools[name](values);
  answer(id, { content: [{ type: "text", text: values.text ?? name }] });
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const handshake = { capabilities: { tools: {} }, serverInfo: { name: "flood", version: "1" } };
    if (method === "initialize") answer(id, { protocolVersion: params.protocolVersion, ...handshake });
    else if (method === "tools/call") void call(id, params);
    else answer(id, {});
  })
  .on("close", () => process.exit());
