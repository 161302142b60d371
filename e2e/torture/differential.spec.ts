import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { expect, test } from "@playwright/test";
import { startProduct, type Product } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { configOf } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";
import { conversation } from "./conversation.ts";
import { openHttpLine } from "./http-line.ts";
import { openLineClient, openProgram, type LineClient } from "./line-client.ts";
import { rawIdOf } from "./raw-session.ts";

const everything = join(
  dirname(createRequire(import.meta.url).resolve("@modelcontextprotocol/server-everything/package.json")),
  "dist/index.js",
);
const programs = {
  conformance: [repository.conformanceFixture, "--era", "legacy"],
  everything: [everything, "stdio"],
  modern: [repository.conformanceFixture, "--era", "modern"],
} as const;
type Server = keyof typeof programs;
const servers: readonly Server[] = ["conformance", "everything", "modern"];

/** As MCPProxy declares them: servers list their tools by what the client can do. */
const capabilities = { roots: { listChanged: true }, sampling: {}, elicitation: { form: {}, url: {} } };

let product: Product;
test.beforeAll(async () => {
  const entries = servers.map((name) => ({
    name,
    command: process.execPath,
    args: programs[name],
    isolation: { enabled: false },
  }));
  product = await startProduct({ config: configOf(entries) });
  for (const name of servers) await product.api.serverIn(name, "ready");
});
test.afterAll(async () => product?.dispose());

for (const server of servers) {
  test(`${server}: the same conversation, directly and through MCPProxy, has the same messages byte for byte`, async () => {
    const direct = await talk(server, openProgram({ program: process.execPath, args: programs[server] }));
    const isComplete = (logs: readonly string[]) => logs.length >= direct.logs.length;
    const overLines = await talk(server, openLineClient(product, server), isComplete);
    expect(direct.answers.length).toBeGreaterThan(conversation[server].length);
    expect(overLines).toEqual(direct);
    if (server === "modern") return;
    const overHttp = await talk(server, await openHttpLine(product.mcpUrl(server)), isComplete);
    expect(overHttp).toEqual(direct);
  });
}

interface Transcript {
  /** Of each call its progress, then its answer. */
  readonly answers: readonly string[];
  /** They have a stream of their own over HTTP: when they come beside the answers says nothing. */
  readonly logs: readonly string[];
}

/** Says one message after the other; gives what came, but for ids and tokens as it came. */
async function talk(
  server: Server,
  client: LineClient,
  isComplete: (logs: readonly string[]) => boolean = () => true,
): Promise<Transcript> {
  const answers: string[] = [];
  if (server !== "modern") await client.initialize(capabilities);
  for (const text of conversation[server]) {
    const from = client.lines.length;
    const answer = await client.send(text);
    const before = client.lines.slice(from, client.lines.lastIndexOf(answer));
    const ofCall = before.filter((line) => line.includes('"method":"notifications/progress"'));
    answers.push(...ofCall.concat(answer).map((line) => normal(line, text)));
  }
  const logs = () => client.lines.filter((line) => line.includes('"method":"notifications/message"'));
  await until("all log messages have come", () => isComplete(logs()), { deadlineMs: 30_000 });
  const transcript = { answers, logs: logs().map((line) => normal(line, "")) };
  await client.close();
  return transcript;
}

/** Without what differs by its nature: the clock; and how the id and the token are spelled, which MCPProxy keeps and servers do not. */
function normal(line: string, request: string): string {
  const token = /"progressToken":("[^"]*"|[^,}]+)/.exec(request)?.[1];
  const spelled = [rawIdOf(request), token].flatMap((text) => text ?? []);
  const respelled = spelled.reduce((text, raw) => text.replace(`:${raw}`, `:${JSON.stringify(JSON.parse(raw))}`), line);
  return respelled.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replaceAll(/\d{1,2}:\d\d:\d\d(?: [AP]M)?/g, "TIME");
}
