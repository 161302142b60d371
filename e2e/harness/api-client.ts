import {
  auditSchema,
  runEventListSchema,
  runListSchema,
  runSchema,
  serverListSchema,
  statusSchema,
  successSchema,
  type Run,
  type RunEvent,
  type Server,
} from "./api-records.ts";
import { until } from "./until.ts";
import type { z } from "zod";

/** The REST API as a script uses it. */
export interface ApiClient {
  post(path: string): Promise<Response>;
  /** The text of every answer that this client has seen, to look for secrets in. */
  seenText(): string;
  status(): Promise<z.infer<typeof statusSchema>>;
  servers(): Promise<readonly Server[]>;
  server(name: string): Promise<Server>;
  runs(query?: Readonly<Record<string, string>>): Promise<readonly Run[]>;
  run(id: string): Promise<Run>;
  runEvents(id: string): Promise<readonly RunEvent[]>;
  /** Who did what to a server, newest first. */
  audit(server: string): Promise<z.infer<typeof auditSchema>["entries"]>;
  /** Waits until a server is in a state; the error of a timeout names the state it is in. */
  serverIn(name: string, state: string, deadlineMs?: number): Promise<Server>;
  /** Waits for a run of a server that has its verdict; gives the newest. */
  endedRun(server: string, deadlineMs?: number): Promise<Run & { verdict: NonNullable<Run["verdict"]> }>;
}

/** Makes a client that authenticates by header. */
export function createApiClient({ url, apiKey }: { readonly url: string; readonly apiKey: string }): ApiClient {
  let seen = "";
  const send = (path: string, method: "GET" | "POST") =>
    fetch(`${url}${path}`, { method, headers: { "X-API-Key": apiKey } });
  const read = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await send(path, "GET");
    const text = await response.text();
    seen += text;
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${text}`);
    return schema.parse(successSchema.parse(JSON.parse(text)).data);
  };
  const runs = (query: Readonly<Record<string, string>> = {}) =>
    read(`/api/v1/runs?${new URLSearchParams(query)}`, runListSchema);
  const servers = () => read("/api/v1/servers", serverListSchema);
  const server = async (name: string) => {
    const found = (await servers()).find((one) => one.name === name);
    if (found === undefined) throw new Error(`The API lists no server named ${name}`);
    return found;
  };
  return {
    post: (path) => send(path, "POST"),
    seenText: () => seen,
    status: () => read("/api/v1/status", statusSchema),
    servers,
    server,
    runs,
    run: (id) => read(`/api/v1/runs/${id}`, runSchema),
    runEvents: (id) => read(`/api/v1/runs/${id}/events`, runEventListSchema),
    audit: async (name) => (await read(`/api/v1/audit?server=${name}`, auditSchema)).entries,
    serverIn: (name, state, deadlineMs = 30_000) =>
      until(`server ${name} is ${state}`, async () => requireState(await server(name), state), {
        deadlineMs,
        intervalMs: 50,
      }),
    endedRun: (name, deadlineMs = 30_000) =>
      until(
        `the newest run of ${name} has ended`,
        async () => withVerdict((await runs({ server: name, state: "ended", limit: "1" }))[0]),
        { deadlineMs },
      ),
  };
}

function requireState(server: Server, state: string): Server {
  if (server.state !== state)
    throw new Error(
      `${server.name} is ${server.state}: ${server.problem?.message ?? server.lastVerdict?.verdict.summary ?? "no problem given"}`,
    );
  return server;
}

function withVerdict(run: Run | undefined): (Run & { verdict: NonNullable<Run["verdict"]> }) | undefined {
  return run !== undefined && run.verdict !== null ? { ...run, verdict: run.verdict } : undefined;
}
