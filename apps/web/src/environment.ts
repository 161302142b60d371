import { z } from "zod";

const schema = z.object({
  MCPPROXY_URL: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:8080"),
  MCPPROXY_WEB_ALLOWED_HOSTS: z.string().default(""),
});

export interface Environment {
  /** Where the proxy answers, without a slash at the end. */
  readonly proxyUrl: string;
  /** Host names besides loopback under which the dashboard may be opened, in lower case, without port. */
  readonly allowedHosts: readonly string[];
}

/** The settings of the dashboard; the only place that reads the process environment. */
export const environment: Environment = readEnvironment({
  MCPPROXY_URL: process.env.MCPPROXY_URL,
  MCPPROXY_WEB_ALLOWED_HOSTS: process.env.MCPPROXY_WEB_ALLOWED_HOSTS,
});

/** Parses the variables; throws with the variable's name when one is wrong. An empty one counts as not set. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    throw new Error(`The dashboard cannot start, because of its environment:\n${z.prettifyError(parsed.error)}`);
  }
  return {
    proxyUrl: parsed.data.MCPPROXY_URL.replace(/\/+$/, ""),
    allowedHosts: parsed.data.MCPPROXY_WEB_ALLOWED_HOSTS.split(",")
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ""),
  };
}
