import type { ProxyStatus, ServerRecord } from "@mcpproxy/core/run/server-record";
import type { Labels, MetricFamily, MetricSample } from "./metric-family.ts";

/** What a scrape looks at. */
export interface ProxyNow {
  readonly servers: readonly ServerRecord[];
  readonly status: ProxyStatus;
  /** The places for containers: in use, at most, and starts that wait for one. */
  readonly room: { readonly inUse: number; readonly limit: number; readonly waitingCount: number };
}

/** How servers, engines and the proxy are right now. Labels have as many values as the config has servers and engines. */
export function stateFamilies({ servers, status, room }: ProxyNow): readonly MetricFamily[] {
  return [
    gauge("mcpproxy_build_info", "The version that runs.", [{ labels: { version: status.version }, value: 1 }]),
    gauge("mcpproxy_start_time_seconds", "When MCPProxy started, in seconds since 1970.", [
      { labels: {}, value: Date.parse(status.startedAt) / 1_000 },
    ]),
    gauge(
      "mcpproxy_server_state",
      "1 for the state that a server is in.",
      servers.map(({ name, state }) => ({ labels: { server: name, state }, value: 1 })),
    ),
    ...serverGauges(servers),
    gauge("mcpproxy_containers", "Containers of MCPProxy, from their creation to their removal.", [
      { labels: {}, value: room.inUse },
    ]),
    gauge("mcpproxy_containers_limit", "max_containers of the configuration.", [{ labels: {}, value: room.limit }]),
    gauge("mcpproxy_containers_awaited", "Starts that wait for a place among the containers.", [
      { labels: {}, value: room.waitingCount },
    ]),
    gauge("mcpproxy_engine_available", "1 when the container engine answers.", enginesOf(status)),
  ];
}

function serverGauges(servers: readonly ServerRecord[]): readonly MetricFamily[] {
  const of = (read: (server: ServerRecord) => number | null | undefined): readonly MetricSample[] =>
    servers.flatMap((server) => {
      const value = read(server);
      return value === null || value === undefined ? [] : [{ labels: { server: server.name }, value }];
    });
  return [
    gauge(
      "mcpproxy_memory_working_set_bytes",
      "Memory of the running container without file cache.",
      of(({ run }) => run?.memoryBytes),
    ),
    gauge(
      "mcpproxy_memory_peak_bytes",
      "Highest memory of the running container.",
      of(({ run }) => run?.peakMemoryBytes),
    ),
    gauge(
      "mcpproxy_memory_limit_bytes",
      "Memory limit of the running container.",
      of(({ run, limits }) => (run === null ? null : limits.memoryBytes)),
    ),
    gauge(
      "mcpproxy_calls_in_flight",
      "Requests of clients that wait for an answer.",
      of(({ run }) => run?.callsInFlight),
    ),
    gauge(
      "mcpproxy_sessions",
      "Clients connected to the server.",
      of(({ run }) => run?.sessions),
    ),
  ];
}

function enginesOf({ engine, contexts }: ProxyStatus): readonly MetricSample[] {
  const labels: Labels = { context: engine.context, endpoint: engine.endpoint };
  const others = contexts.filter(
    ({ name, endpoint, isUsed, state }) =>
      isUsed && state !== "unchecked" && !(name === engine.context && endpoint === engine.endpoint),
  );
  return [
    { labels, value: engine.state === "available" ? 1 : 0 },
    ...others.map(({ name, endpoint, state }) => ({
      labels: { context: name, endpoint: endpoint ?? "" },
      value: state === "available" ? 1 : 0,
    })),
  ];
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, help, type: "gauge", samples };
}
