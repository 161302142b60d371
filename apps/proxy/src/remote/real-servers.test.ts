import { createServer } from "node:http";
import { once } from "node:events";
import { Readable } from "node:stream";
import {
  CreateMessageRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { z } from "zod";
import { until } from "../testing/until.ts";
import { startEverything } from "./testing/everything-http.ts";
import { connectClient, serveRemote, textOf } from "./testing/remote-client.ts";

const generousMs = 120_000;
const letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

test(
  "the reference server over Streamable HTTP: calls, progress, sampling, subscriptions, and a restart in between",
  async () => {
    await using upstream = await startEverything("streamableHttp");
    await using started = await serveRemote({ url: `http://127.0.0.1:${upstream.port}/mcp` });
    const client = await connectClient(started, { sampling: {} });
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      role: "assistant",
      model: "test",
      content: { type: "text", text: "sampled" },
    }));
    const updated: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
    client.setNotificationHandler(LoggingMessageNotificationSchema, () => undefined);

    expect((await client.listTools()).tools.length).toBeGreaterThan(5);
    const echo = (message: string) => client.callTool({ name: "echo", arguments: { message } });
    expect(textOf(await echo("one"))).toContain("one");
    const together = await Promise.all(letters.map((letter) => echo(letter)));
    expect(together.map(textOf).join()).toBe(letters.map((letter) => `Echo: ${letter}`).join());

    const progress: number[] = [];
    await client.callTool({ name: "trigger-long-running-operation", arguments: { duration: 1, steps: 4 } }, undefined, {
      onprogress: (step) => progress.push(step.progress),
    });
    expect(progress.slice(0, 3)).toEqual([1, 2, 3]);
    const sampling = await client.callTool({
      name: "trigger-sampling-request",
      arguments: { prompt: "p", maxTokens: 5 },
    });
    expect(textOf(sampling)).toContain("sampled");

    const [resource] = (await client.listResources()).resources;
    await client.subscribeResource({ uri: resource?.uri ?? "" });
    await client.callTool({ name: "toggle-subscriber-updates", arguments: {} });
    await until("an update", () => (updated.length > 0 ? true : undefined), generousMs);

    await upstream.kill();
    await upstream.start();
    expect(textOf(await echo("after the restart"))).toContain("after the restart");
    await client.callTool({ name: "toggle-subscriber-updates", arguments: {} });
    const before = updated.length;
    await until("an update of the new session", () => (updated.length > before ? true : undefined), generousMs);

    const [server] = started.service.core.supervisor.list();
    expect(server).toMatchObject({
      isolation: "remote",
      state: "ready",
      command: [`http://127.0.0.1:${upstream.port}/mcp`],
      findings: [{ code: "remote_server" }],
    });
    await client.close();
  },
  generousMs,
);

test(
  "a call that its server dies on fails, and the server's run ends as lost when it stays away",
  async () => {
    await using upstream = await startEverything("streamableHttp");
    await using started = await serveRemote({ url: `http://127.0.0.1:${upstream.port}/mcp` });
    const client = await connectClient(started);
    const running = client
      .callTool({ name: "trigger-long-running-operation", arguments: { duration: 600, steps: 600 } })
      .catch(String);
    const { core } = started.service;
    const { bridge } = core.supervisor.find("far") ?? {};
    await until("the call to be there", () => (bridge?.callsInFlight === 1 ? true : undefined), generousMs);
    const runId = core.supervisor.list()[0]?.run?.id ?? "";
    await upstream.kill();
    expect(await running).toMatch(/lost|broke off|closed the connection/);
    const ended = await until(
      "the run to end",
      async () => {
        const run = await core.store.runs.find(runId);
        return run?.verdict ?? undefined;
      },
      generousMs,
    );
    expect(ended).toMatchObject({ kind: "lost", summary: expect.stringContaining("ECONNREFUSED") });
    await upstream.start();
    await until(
      "it to answer again",
      async () => {
        try {
          return textOf(await client.callTool({ name: "echo", arguments: { message: "back" } }));
        } catch {
          return undefined;
        }
      },
      generousMs,
    );
    await client.close();
  },
  generousMs,
);

test(
  "the reference server over the old transport",
  async () => {
    await using upstream = await startEverything("sse");
    await using started = await serveRemote({ url: `http://127.0.0.1:${upstream.port}/sse`, type: "sse" });
    const client = await connectClient(started, { sampling: {} });
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      role: "assistant",
      model: "test",
      content: { type: "text", text: "sampled" },
    }));
    expect(textOf(await client.callTool({ name: "echo", arguments: { message: "old" } }))).toContain("old");
    const sampling = await client.callTool({
      name: "trigger-sampling-request",
      arguments: { prompt: "p", maxTokens: 5 },
    });
    expect(textOf(sampling)).toContain("sampled");
    await client.close();
  },
  generousMs,
);

test(
  "a server of the modern era, made with the official SDK, for clients of both eras",
  async () => {
    await using upstream = await startModern();
    await using started = await serveRemote({ url: upstream.url });
    const client = await connectClient(started);
    expect(textOf(await client.callTool({ name: "add", arguments: { a: 2, b: 3 } }))).toBe("5");
    expect(started.service.core.supervisor.find("far")?.bridge.era).toBe("modern");

    const response = await fetch(`${started.url}/mcp/far`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "add",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: "x",
        method: "tools/call",
        params: {
          name: "add",
          arguments: { a: 20, b: 22 },
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      }),
    });
    expect(await response.text()).toContain('"42"');
    await client.close();
  },
  generousMs,
);

async function startModern(): Promise<AsyncDisposable & { readonly url: string }> {
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: "modern", version: "1" });
      const inputSchema = z.object({ a: z.number(), b: z.number() });
      server.registerTool("add", { inputSchema }, ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }));
      return server;
    },
    { legacy: "reject" },
  );
  const http = createServer((incoming, outgoing) => {
    void (async () => {
      const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
      const body = incoming.method === "POST" ? { body: await new Response(Readable.toWeb(incoming)).text() } : {};
      const response = await handler.fetch(
        new Request(`http://127.0.0.1${incoming.url ?? "/"}`, { method: incoming.method ?? "GET", headers, ...body }),
      );
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      for await (const chunk of response.body ?? []) outgoing.write(chunk);
      outgoing.end();
    })();
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/mcp`,
    async [Symbol.asyncDispose]() {
      await handler.close();
      http.closeAllConnections();
      http.close();
    },
  };
}
