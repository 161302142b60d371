#!/usr/bin/env node
/**
 * A stdio MCP server of the legacy era for the torture suite, without dependencies: it repeats bytes as they came, knows
 * no timers, and does what its tools are told. Every answer carries the id as it was written.
 */
let buffered = [];
const held = new Map();
const questions = new Map();
const cancelled = [];
let questionCount = 0;

function write(lines) {
  process.stdout.write(lines);
}

function answer(id, result) {
  write(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}\n`);
}

function notify(method, params) {
  write(`${JSON.stringify({ jsonrpc: "2.0", method, params })}\n`);
}

function text(value) {
  return { content: [{ type: "text", text: value }] };
}

const tools = {
  echo: ({ id, args }) => answer(id, text(args.text)),
  /** How many characters arrived, and what they begin and end with. */
  length: ({ id, args }) => answer(id, text(`${args.text.length} ${args.text.slice(0, 4)} ${args.text.slice(-4)}`)),
  big: ({ id, args }) => answer(id, text("0123456789abcde\u00e9".repeat(Math.floor(args.bytes / 17)))),
  hold: ({ id, args }) => held.set(args.name, id),
  release({ id, args }) {
    const waiting = held.get(args.name);
    if (waiting !== undefined) answer(waiting, text(`released ${args.name}`));
    held.delete(args.name);
    answer(id, text(String(waiting !== undefined)));
  },
  /** What a call that was cancelled would have got comes late. */
  cancelled: ({ id }) => answer(id, { content: [], structuredContent: { cancelled } }),
  /** Progress and result in one write: nothing in between may reorder them. */
  progress({ id, args, meta }) {
    const token = JSON.stringify(meta?.progressToken);
    const steps = Array.from({ length: args.steps }, (_, step) =>
      token === undefined
        ? ""
        : `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":${step},"message":"${args.name}"}}\n`,
    );
    write(`${steps.join("")}{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(text(args.name))}}\n`);
  },
  ask({ id, args }) {
    const questionId = `q-${(questionCount += 1)}`;
    questions.set(questionId, (reply) => answer(id, text(JSON.stringify(reply.result ?? reply.error))));
    write(
      `${JSON.stringify({ jsonrpc: "2.0", id: questionId, method: "sampling/createMessage", params: { maxTokens: 1, messages: [{ role: "user", content: { type: "text", text: args.prompt } }] } })}\n`,
    );
  },
  change({ id, args }) {
    const params = args.paddingBytes === undefined ? undefined : { padding: "x".repeat(args.paddingBytes) };
    for (let count = 0; count < args.count; count += 1) notify("notifications/tools/list_changed", params);
    answer(id, text("changed"));
  },
  /** The answer byte by byte, each in a write of its own. */
  async dribble({ id, args }) {
    const bytes = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(text(args.text))}}\n`);
    for (const byte of bytes) {
      process.stdout.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  noise({ id, args }) {
    const lines = [
      "not JSON",
      '{"half":',
      '{"jsonrpc":"1.0","id":1,"result":{}}',
      "[1]",
      "null",
      "\u001b[31mred\u001b[0m",
      "",
    ];
    for (let count = 0; count < args.count; count += 1) write(`${lines[count % lines.length]}\r\n`);
    process.stdout.write(Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from("\n")]));
    answer(id, text("after the noise"));
  },
  pid: ({ id }) => answer(id, text(String(process.pid))),
  crash: () => process.exit(3),
};

const methods = {
  initialize: ({ id, params }) =>
    answer(id, {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: { listChanged: true }, logging: {} },
      serverInfo: { name: "torture", version: "1.0.0" },
    }),
  ping: ({ id }) => answer(id, {}),
  "tools/list": ({ id }) =>
    answer(id, { tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: "object" } })) }),
  "tools/call": ({ id, params }) => tools[params.name]({ id, args: params.arguments ?? {}, meta: params._meta }),
};

function receive(line) {
  const message = JSON.parse(line);
  if (message.method === "notifications/cancelled") {
    cancelled.push(message.params.requestId);
    for (const [name, id] of held)
      if (id === JSON.stringify(message.params.requestId)) answer(id, text(`late ${name}`));
  } else if (message.method === undefined) {
    questions.get(message.id)?.(message);
    questions.delete(message.id);
  } else if (message.id !== undefined) {
    const id = JSON.stringify(message.id);
    const handle = methods[message.method];
    if (handle === undefined)
      write(`{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"Method not found"}}\n`);
    else void handle({ id, params: message.params ?? {} });
  }
}

process.stdin.on("data", (chunk) => {
  let start = 0;
  for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
    buffered.push(chunk.subarray(start, end));
    const line = Buffer.concat(buffered).toString();
    buffered = [];
    start = end + 1;
    if (line.trim() !== "") receive(line);
  }
  buffered.push(chunk.subarray(start));
});
process.stdin.on("end", () => process.exit(0));
