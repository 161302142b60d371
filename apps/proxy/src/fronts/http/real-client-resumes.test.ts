import { Client as NewClient, StreamableHTTPClientTransport as NewTransport } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, test } from "vitest";
import { everything, startTestService } from "../../testing/start-test-service.ts";
import { until } from "../../testing/until.ts";
import { openBreakingRelay } from "./testing/breaking-relay.ts";

const deadlineMs = 90_000;

type Progress = { readonly progress: number };

interface CallOptions {
  readonly timeout: number;
  onprogress(progress: Progress): void;
}

interface Caller {
  call(options: CallOptions): Promise<unknown>;
  close(): Promise<void>;
}

const long = { name: "trigger-long-running-operation", arguments: { duration: 3, steps: 12 } };

async function openFirstClient(url: URL): Promise<Caller> {
  const client = new Client({ name: "travelling", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(url));
  return { call: (options) => client.callTool(long, undefined, options), close: () => client.close() };
}

async function openSecondClient(url: URL): Promise<Caller> {
  const client = new NewClient({ name: "travelling", version: "2" });
  await client.connect(new NewTransport(url));
  return { call: (options) => client.callTool(long, options), close: () => client.close() };
}

test.each([
  { sdk: "version 1", open: openFirstClient },
  { sdk: "version 2", open: openSecondClient },
])(
  "the official client of SDK $sdk gets the progress and the result of a call whose connection broke twice",
  async ({ open }) => {
    await using started = await startTestService({ mcpServers: [everything] });
    using relay = await openBreakingRelay(Number(new URL(started.url).port));
    const client = await open(new URL(`http://127.0.0.1:${relay.port}/mcp/everything`));
    const progress: number[] = [];
    const called = client.call({ timeout: deadlineMs, onprogress: (one) => void progress.push(one.progress) });
    for (const steps of [2, 6]) {
      await until("some progress", () => progress.length >= steps || undefined, deadlineMs);
      relay.breakAll();
    }
    expect(JSON.stringify(await called)).toContain("Long running operation completed");
    // The client itself may lose the last progress before a result.
    expect(progress.slice(0, 11)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const { runs } = await started.service.core.store.runs.list({ server: "everything", limit: 5 });
    expect(runs).toHaveLength(1);
    await client.close();
  },
  deadlineMs,
);
