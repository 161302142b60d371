import { openRawHttpConnection } from "../harness/raw-http-connection.ts";
import type { EchoCaller } from "./series.ts";

const version = "2026-07-28";
const envelope = {
  "io.modelcontextprotocol/protocolVersion": version,
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const headers = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": version,
  "mcp-method": "tools/call",
  "mcp-name": "echo",
};

/** Clients of the modern era, with a connection each: no session, an envelope in each request. */
export async function modernCallers({
  url,
  count,
}: {
  readonly url: string;
  readonly count: number;
}): Promise<readonly EchoCaller[]> {
  const callers: EchoCaller[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    const raw = await openRawHttpConnection(url, headers);
    let nextId = 1;
    callers.push({
      echo: (message) => {
        const params = { name: "echo", arguments: { message }, _meta: envelope };
        return raw.post(JSON.stringify({ jsonrpc: "2.0", id: nextId++, method: "tools/call", params }));
      },
      close: () => raw.close(),
    });
  }
  return callers;
}
