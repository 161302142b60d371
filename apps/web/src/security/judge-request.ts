export interface RequestOrigin {
  readonly host: string | null;
  readonly origin: string | null;
  /** Host names besides loopback, in lower case, without port. */
  readonly allowedHosts: readonly string[];
}

export type RequestJudgement = { readonly kind: "allowed" } | { readonly kind: "rejected"; readonly message: string };

const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];
const hostPattern = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/;

/** Decides by Host and Origin whether a request may reach the dashboard: this stops DNS rebinding and foreign pages. */
export function judgeRequest({ host, origin, allowedHosts }: RequestOrigin): RequestJudgement {
  const hostName = host === null ? undefined : hostPattern.exec(host.toLowerCase())?.[1];
  if (hostName === undefined) return rejected("The request has no valid Host header.");
  if (![...loopbackHosts, ...allowedHosts].includes(hostName)) {
    return rejected(
      `The host name "${hostName}" is not allowed. Open the dashboard at 127.0.0.1, or add the name to MCPPROXY_WEB_ALLOWED_HOSTS.`,
    );
  }
  if (origin !== null && hostOfOrigin(origin) !== host?.toLowerCase()) {
    return rejected("The request comes from another origin than this dashboard.");
  }
  return { kind: "allowed" };
}

function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function rejected(message: string): RequestJudgement {
  return { kind: "rejected", message };
}
