import { z } from "zod";

const protocolVersion = "2025-11-25";
const errorSchema = z.object({
  code: z.number(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});
const answerSchema = z.looseObject({ id: z.unknown(), result: z.unknown().optional(), error: errorSchema.optional() });

/** How one request of a client came out; a connection that breaks is an answer too: the client knows. */
export type ProofAnswer =
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "error"; readonly error: z.infer<typeof errorSchema> }
  | { readonly kind: "http"; readonly status: number; readonly text: string }
  | { readonly kind: "broken"; readonly reason: string };

/** Every request that the clients of a test have sent, and which are still waited for. */
export class RequestLedger {
  private readonly pending = new Set<string>();
  private count = 0;

  get waiting(): readonly string[] {
    return [...this.pending];
  }

  async note<Answer>(what: string, request: Promise<Answer>): Promise<Answer> {
    const name = `${(this.count += 1)} ${what}`;
    this.pending.add(name);
    try {
      return await request;
    } finally {
      this.pending.delete(name);
    }
  }
}

/** One Streamable HTTP session. */
export interface ProofClient {
  readonly sessionId: string | undefined;
  request(method: string, params?: object): Promise<ProofAnswer>;
  callTool(name: string, values?: Readonly<Record<string, unknown>>): Promise<ProofAnswer>;
}

/** Opens a session at an MCP address; rejects when initialize is not answered with a result. */
export async function openProofClient(url: string, ledger: RequestLedger): Promise<ProofClient> {
  let nextId = 1;
  let headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  let sessionId: string | undefined;
  const post = async (message: object): Promise<ProofAnswer> => {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers,
        body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      });
      sessionId ??= response.headers.get("mcp-session-id") ?? undefined;
      return readAnswer(response.status, await response.text());
    } catch (error) {
      return { kind: "broken", reason: String(error) };
    }
  };
  const request = (method: string, params: object = {}): Promise<ProofAnswer> =>
    ledger.note(method, post({ id: nextId++, method, params }));
  const clientInfo = { name: "recovery-proof", version: "1" };
  const opening = await request("initialize", { protocolVersion, capabilities: {}, clientInfo });
  if (opening.kind !== "result") throw new Error(`initialize was not answered: ${JSON.stringify(opening)}`);
  headers = { ...headers, "mcp-protocol-version": protocolVersion };
  if (sessionId !== undefined) headers = { ...headers, "mcp-session-id": sessionId };
  await post({ method: "notifications/initialized" });
  return {
    sessionId,
    request,
    callTool: (name, values = {}) => request("tools/call", { name, arguments: values }),
  };
}

function readAnswer(status: number, text: string): ProofAnswer {
  const bodies = text.split(/\r?\n/).map((line) => line.replace(/^data: ?/, ""));
  for (const body of [text, ...bodies]) {
    const answer = answerSchema.safeParse(parseJson(body));
    if (!answer.success) continue;
    const { result, error } = answer.data;
    if (error !== undefined) return { kind: "error", error };
    if (result !== undefined) return { kind: "result", result };
  }
  return { kind: "http", status, text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
