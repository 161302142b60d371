/** Programs that are MCP servers as far as a handshake goes, and then do one thing when a tool is called. */

/** Answers initialize and all else but tools; `onCall` is what it does when the tool "break" is called. "hang" is never answered. */
export function nodeServer(onCall: string, atStart = ""): string {
  return `
const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
const handshake = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "proof", version: "1" } };
${atStart}
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === "initialize") answer(id, handshake);
  else if (method !== "tools/call") answer(id, {});
  else if (params.name === "break") { ${onCall} }
});`;
}

/** Does not end at the end of its input, nor at a SIGTERM. */
export const stubborn = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);`;

/** Takes memory of the process itself, outside of V8's heap, until somebody stops it. */
export const takeMemory = `const kept = []; for (;;) kept.push(Buffer.alloc(1 << 22, 1));`;

/** The same as a program of its own. */
const hungryPython = `kept = []\nwhile True: kept.append(bytearray(b"x") * (1 << 22))`;

/** Starts a child that takes memory until it is killed, then does `afterwards`. */
export function feedChild(afterwards: string): string {
  return `require("node:child_process").spawn("python3", ["-c", ${JSON.stringify(hungryPython)}]).on("exit", () => { ${afterwards} });`;
}

/** The same in Python: `onCall` is one block without indentation. */
export function pythonServer(onCall: string): string {
  const indented = onCall.replaceAll(/^/gm, "        ");
  return `
import json, sys
def answer(id, result):
    print(json.dumps({"jsonrpc": "2.0", "id": id, "result": result}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") == "initialize":
        answer(message["id"], {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "proof", "version": "1"}})
    elif message.get("method") == "tools/call" and message["params"]["name"] == "break":
${indented}
`;
}
