import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerResponse } from "node:http";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../egress/testing/self-signed-certificate.ts";
import { until } from "../testing/until.ts";
import { replyAsServer, reply, startOddServer } from "./testing/odd-server.ts";
import { connectClient, serveRemote, textOf } from "./testing/remote-client.ts";

const generousMs = 60_000;
const secret = "hunter22-is-secret";
const headers = { Authorization: "Bearer ${env:FAR_TOKEN}", "X-Team": "team-hunter22" };
const content = (text: string) => ({ result: { content: [{ type: "text", text }] } });

async function failureOf(entry: object, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  await using started = await serveRemote(entry, variables);
  return await connectClient(started).then(() => "it connected", String);
}

test(
  "headers come from references, go with every request, and show up nowhere",
  async () => {
    await using odd = await startOddServer((request, response) => {
      if (request.headers.authorization !== `Bearer ${secret}`) reply(response, 401);
      else replyAsServer(request, response, () => content(`you sent ${request.headers.authorization}`));
    });
    await using started = await serveRemote(
      { url: `${odd.url}/mcp?key=${secret}-query`, headers },
      { FAR_TOKEN: secret },
    );
    const client = await connectClient(started);
    await client.callTool({ name: "any", arguments: {} });
    await client.close();
    expect(odd.requests.every(({ path }) => path === `/mcp?key=${secret}-query`)).toBe(true);
    const { core } = started.service;
    const [run] = (await core.store.runs.list({ limit: 10 })).runs;
    const answers = await Promise.all(
      ["servers", "servers/far", "servers/far/plan", "servers/far/logs", "runs", `runs/${run?.id ?? ""}`].map(
        async (path) => {
          const response = await fetch(`${started.url}/api/v1/${path}`, { headers: { "x-api-key": started.apiKey } });
          return `${path} ${response.status} ${await response.text()}`;
        },
      ),
    );
    const logs = await readdir(started.paths.logDirectory);
    const texts = await Promise.all(logs.map((name) => readFile(join(started.paths.logDirectory, name), "utf8")));
    expect(answers.every((answer) => / 200 /.test(answer))).toBe(true);
    expect(answers.join()).toContain('"remote"');
    expect([...answers, ...texts].join()).not.toMatch(/hunter22/);
  },
  generousMs,
);

describe("a server that refuses", () => {
  test.each([
    [401, /refuses the credentials \(HTTP 401\).*Authorization \(\$\{env:FAR_TOKEN\}\)/],
    [403, /HTTP 403.*X-Team/],
    [404, /HTTP 404.*path of the url/],
    [503, /HTTP 503/],
  ])(
    "with %i is told with what to check, and no value",
    async (status, words) => {
      await using odd = await startOddServer((_, response) => reply(response, status));
      const failure = await failureOf({ url: odd.url, headers }, { FAR_TOKEN: secret });
      expect(failure).toMatch(words);
      expect(failure).not.toContain("hunter22");
    },
    generousMs,
  );

  test(
    "a call alone fails that call, in its own words where it has some",
    async () => {
      await using odd = await startOddServer((request, response) => {
        const name = request.message?.["method"];
        if (name === "tools/call") reply(response, 502);
        else if (name === "prompts/list")
          reply(response, 400, { jsonrpc: "2.0", id: null, error: { code: -32000, message: "not today" } });
        else replyAsServer(request, response, () => ({ result: { tools: [] } }));
      });
      await using started = await serveRemote({ url: odd.url });
      const client = await connectClient(started);
      await expect(client.callTool({ name: "x" })).rejects.toThrow("HTTP 502");
      await expect(client.listPrompts()).rejects.toThrow("not today");
      expect((await client.listTools()).tools).toEqual([]);
      await client.close();
    },
    generousMs,
  );
});

test(
  "no header goes to another host by a redirect",
  async () => {
    await using thief = await startOddServer((_, response) => reply(response, 200));
    await using odd = await startOddServer((_, response) => {
      response.writeHead(307, { location: `${thief.url}/mcp` });
      response.end();
    });
    expect(await failureOf({ url: odd.url, headers }, { FAR_TOKEN: secret })).toMatch(
      /redirects to .* does not follow/,
    );
    expect(thief.requests).toEqual([]);
  },
  generousMs,
);

test(
  "a header that names a variable that is not set keeps the server from being asked at all",
  async () => {
    await using odd = await startOddServer((_, response) => reply(response, 200));
    expect(await failureOf({ url: odd.url, headers })).toMatch(
      /headers.Authorization: the variable FAR_TOKEN is not set/,
    );
    expect(odd.requests).toEqual([]);
  },
  generousMs,
);

test.each([404, 400])(
  "a session that the server has forgotten (HTTP %i) is begun anew, once for all calls that notice it",
  async (status) => {
    let sessions = 0;
    let isForgetful = false;
    await using odd = await startOddServer((request, response) => {
      if (request.message?.["method"] === "initialize") {
        sessions += 1;
        isForgetful = false;
        response.setHeader("mcp-session-id", `s${sessions}`);
      } else if (isForgetful || (sessions > 0 && request.headers["mcp-session-id"] !== `s${sessions}`)) {
        reply(response, status, { jsonrpc: "2.0", id: null, error: { code: -32000, message: "No valid session ID" } });
        return;
      }
      replyAsServer(request, response, () => content(String(request.headers["mcp-session-id"])));
    });
    await using started = await serveRemote({ url: odd.url });
    const client = await connectClient(started);
    const call = async () => textOf(await client.callTool({ name: "x", arguments: {} }));
    expect(await call()).toBe("s1");
    isForgetful = true;
    expect(await Promise.all([call(), call(), call()])).toEqual(["s2", "s2", "s2"]);
    expect(started.service.core.supervisor.list()[0]).toMatchObject({ run: { callsTotal: 4 } });
    await client.close();
  },
  generousMs,
);

test(
  "an answer whose stream breaks off is taken up again after the last event, and the server's own stream too",
  async () => {
    const open = (response: ServerResponse, text: string): void => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(text);
    };
    const resumedFrom: unknown[] = [];
    let callId: unknown;
    await using odd = await startOddServer((request, response) => {
      const from = request.headers["last-event-id"];
      if (request.method === "GET") resumedFrom.push(from);
      if (request.message?.["method"] === "tools/call") {
        callId = request.message["id"];
        open(response, "retry: 20\nid: call-1\ndata:\n\n");
        response.end();
      } else if (from === "call-1") {
        open(response, `id: call-2\ndata: ${JSON.stringify({ jsonrpc: "2.0", id: callId, ...content("late") })}\n\n`);
        response.end();
      } else if (request.method === "GET" && from === undefined) {
        open(response, 'retry: 20\nid: own-1\ndata: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n');
        response.end();
      } else if (request.method === "GET") open(response, ": waiting\n\n");
      else replyAsServer(request, response, () => ({ result: {} }));
    });
    await using started = await serveRemote({ url: odd.url });
    const client = await connectClient(started);
    let changes = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      changes += 1;
    });
    expect(textOf(await client.callTool({ name: "x", arguments: {} }))).toBe("late");
    await until("the own stream", () => (resumedFrom.includes("own-1") ? true : undefined), generousMs);
    expect(changes).toBeLessThanOrEqual(1);
    await client.close();
  },
  generousMs,
);

test(
  "a cancelled call is cancelled at the server",
  async () => {
    let isClosed = false;
    await using odd = await startOddServer((request, response) => {
      if (request.message?.["method"] !== "tools/call") {
        replyAsServer(request, response, () => ({ result: {} }));
        return;
      }
      response.once("close", () => {
        isClosed = true;
      });
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
    });
    await using started = await serveRemote({ url: odd.url });
    const client = await connectClient(started);
    const abort = new AbortController();
    const call = client.callTool({ name: "x" }, undefined, { signal: abort.signal }).catch(String);
    const seen = (name: string) => odd.requests.find(({ message }) => message?.["method"] === name)?.message;
    const asked = await until("the call", () => seen("tools/call"), generousMs);
    abort.abort();
    const cancelled = await until("the cancellation", () => seen("notifications/cancelled"), generousMs);
    expect(cancelled).toMatchObject({ params: { requestId: asked["id"] } });
    await until("the end of its response", () => (isClosed ? true : undefined), generousMs);
    await call;
    await client.close();
  },
  generousMs,
);

test(
  "the session is ended at the server when the run ends",
  async () => {
    await using odd = await startOddServer((request, response) => {
      if (request.message?.["method"] === "initialize") response.setHeader("mcp-session-id", "abc");
      replyAsServer(request, response, () => ({ result: { tools: [] } }));
    });
    {
      await using started = await serveRemote({ url: odd.url });
      await connectClient(started);
    }
    const sessionsEnded = odd.requests.filter(({ method }) => method === "DELETE");
    expect(sessionsEnded).toMatchObject([{ headers: { "mcp-session-id": "abc" } }]);
  },
  generousMs,
);

test(
  "a certificate of one's own is trusted with ca_certificates, and only then",
  async () => {
    const { certificate, privateKey } = selfSignedCertificate(["localhost"]);
    const folder = await mkdtemp(join(tmpdir(), "mcpproxy-remote-"));
    const caFile = join(folder, "ca.pem");
    await writeFile(caFile, certificate);
    await using odd = await startOddServer(
      (request, response) => replyAsServer(request, response, () => content("x")),
      {
        key: privateKey,
        cert: certificate,
      },
    );
    const entry = { url: odd.url, isolation: { start: "lazy", restart: { policy: "never" } } };
    expect(await failureOf(entry)).toMatch(/certificate of .* is not trusted .*ca_certificates/);
    await using started = await serveRemote({ ...entry, isolation: { ...entry.isolation, ca_certificates: caFile } });
    const client = await connectClient(started);
    expect(textOf(await client.callTool({ name: "x", arguments: {} }))).toBe("x");
    await client.close();
    await rm(folder, { recursive: true });
  },
  generousMs,
);
