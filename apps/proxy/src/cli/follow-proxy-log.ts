import { AppError } from "../app-error.ts";
import type { LogLineFilter } from "../logs/server-log-line.ts";
import type { Paths } from "../paths.ts";
import type { CommandContext } from "./command-context.ts";
import { locateProxy } from "./proxy-client.ts";

const servedLinesMax = 10_000;

export interface FollowRequest extends LogLineFilter {
  readonly server: string;
  readonly paths: Paths;
  readonly context: CommandContext;
  readonly lines: number;
  /** Ends with this run. */
  readonly runId: string | undefined;
}

/** Prints a server's log as the running service writes it. Throws AppError when none runs. */
export async function followProxyLog(request: FollowRequest): Promise<void> {
  const { paths, context } = request;
  const proxy = await locateProxy({ paths, context });
  const response = proxy === undefined ? undefined : await ask(proxy, request);
  if (response === undefined) {
    throw new AppError(
      "invalid_request",
      "MCPProxy is not running, so nothing new comes. Start it with `mcpproxy serve`, or leave out -f.",
    );
  }
  if (!response.ok || response.body === null) throw new AppError("invalid_request", await response.text());
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) context.print(lines.join("\n"));
  }
}

async function ask(
  proxy: { readonly url: string; readonly apiKey: string },
  request: FollowRequest,
): Promise<Response | undefined> {
  const { server, runId, lines, stream, since } = request;
  const path = runId === undefined ? `servers/${encodeURIComponent(server)}` : `runs/${runId}`;
  const url = new URL(`/api/v1/${path}/logs`, proxy.url);
  url.searchParams.set("follow", "true");
  url.searchParams.set("lines", String(Math.min(lines, servedLinesMax)));
  if (stream !== undefined) url.searchParams.set("stream", stream);
  if (since !== undefined) url.searchParams.set("since", since);
  try {
    return await fetch(url, { headers: { "x-api-key": proxy.apiKey } });
  } catch {
    // Nobody listens there.
    return undefined;
  }
}
