import type { Endpoint } from "../../runs/connection.ts";
import type { HttpSessions } from "./http-sessions.ts";

/** What there is below /mcp. */
export interface Endpoints {
  /** By the rest of the path; "" is all servers together. */
  find(name: string): Endpoint | undefined;
  names(): readonly string[];
}

export interface McpFrontOptions {
  readonly endpoints: Endpoints;
  readonly sessions: HttpSessions;
}

/** The front, for requests to one endpoint. */
export interface EndpointContext {
  readonly sessions: HttpSessions;
  readonly server: Endpoint;
}
