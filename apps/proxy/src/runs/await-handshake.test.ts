import { expect, test } from "vitest";
import { startTestService } from "../testing/start-test-service.ts";
import { clientOf, supervisorOf } from "./testing/supervised-server.ts";

/** Ends when the first thing it reads is not initialize, as servers of some libraries do. */
const program = `
  let isOpen = false;
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method } = JSON.parse(line);
    if (!isOpen && method !== "initialize") process.exit(1);
    isOpen = true;
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "a", version: "1" } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
`;

test("a server that ends at server/discover is begun again with initialize, and the call gets its answer", async () => {
  const isolation = { enabled: false, start: "lazy" };
  await using started = await startTestService({
    mcpServers: { a: { command: process.execPath, args: ["-e", program], isolation } },
  });
  const client = clientOf(supervisorOf(started));
  expect(await client.ask("tools/list")).toContain("serverInfo");
}, 90_000);
