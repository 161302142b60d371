import { expect, test } from "vitest";
import { startTestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { clientOf, supervisorOf } from "./testing/supervised-server.ts";

const deadlineMs = 60_000;
/** Answers "tools/call" with a line of some kilobytes. */
const program = `
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method } = JSON.parse(line);
    const handshake = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "a", version: "1" } };
    const result = method === "initialize" ? handshake : { text: "x".repeat(method === "tools/call" ? 8192 : 1) };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
`;

test(
  "a line over limits.max_line fails its call alone, and is an event of the run",
  async () => {
    await using started = await startTestService({
      limits: { max_line: "4k" },
      mcpServers: [{ name: "a", command: process.execPath, args: ["-e", program], isolation: { enabled: false } }],
    });
    const server = supervisorOf(started);
    const client = clientOf(server);
    expect(await client.ask("tools/call")).toContain("-32001");
    expect(await client.ask("tools/list")).toContain('"text":"x"');
    const runId = server.record().run?.id ?? "none";
    const event = await until(
      "the event",
      async () => {
        const events = await started.service.core.store.runs.events(runId);
        return events.find(({ kind }) => kind === "line-too-long");
      },
      deadlineMs,
    );
    expect(event.message).toContain("4096 bytes (limits.max_line)");
  },
  deadlineMs,
);
