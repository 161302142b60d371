/**
 * A small stdio MCP server for recovery tests, without dependencies: `node proof-server.mjs [flag…]`.
 * Flags: --silent never answers initialize; --stubborn goes on after the end of input and after SIGTERM.
 * Tools: echo {text}; wait {ms}; exit {code}; print {lines, bytes} to stderr.
 */
import { createInterface } from "node:readline";

const flags = new Set(process.argv.slice(1));
const isStubborn = flags.has("--stubborn");

const answer = (id, result) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
const refuse = (id, method) => {
  const error = { code: -32601, message: `Method not found: ${method}` };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, error })}\n`);
};
const text = (words) => ({ content: [{ type: "text", text: words }] });

const toolNames = ["echo", "wait", "exit", "print"];

function print(lines, bytes) {
  const line = "x".repeat(bytes);
  for (let index = 0; index < lines; index += 1) process.stderr.write(`${index} ${line}\n`);
}

function call(id, { name, arguments: values = {} }) {
  if (name === "exit") process.exit(values.code);
  if (name === "print") print(values.lines, values.bytes ?? 80);
  const delayMs = name === "wait" ? values.ms : 0;
  setTimeout(() => answer(id, text(values.text ?? name)), delayMs);
}

function handle({ id, method, params }) {
  if (id === undefined) return;
  if (method === "initialize") {
    if (flags.has("--silent")) return;
    const { protocolVersion } = params;
    answer(id, { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "proof", version: "1" } });
  } else if (method === "tools/list") {
    answer(id, { tools: toolNames.map((name) => ({ name, inputSchema: { type: "object" } })) });
  } else if (method === "tools/call") call(id, params);
  else if (method === "ping") answer(id, {});
  else refuse(id, method);
}

if (isStubborn) {
  process.on("SIGTERM", () => undefined);
  setInterval(() => undefined, 60_000);
}
createInterface({ input: process.stdin })
  .on("line", (line) => handle(JSON.parse(line)))
  .on("close", () => isStubborn || process.exit());
