import { parseHost, type Host } from "./host-name.ts";

/** One entry of `allow_hosts`. */
export type AllowRule =
  | { readonly kind: "exact"; readonly host: Host; readonly port: number }
  /** Every name below the suffix, at any depth, but not the suffix itself. */
  | { readonly kind: "subdomains"; readonly suffix: string; readonly port: number };

export type AllowRuleParse =
  | { readonly state: "valid"; readonly rule: AllowRule }
  | { readonly state: "invalid"; readonly problem: string };

export interface Target {
  readonly host: Host;
  readonly port: number;
}

const httpsPort = 443;

/** Reads `registry.npmjs.org`, `*.example.com`, `api.example.com:8443`, `192.0.2.7`, `[2001:db8::1]:8443`. */
export function parseAllowRule(text: string): AllowRuleParse {
  const { hostText, portText } = splitPort(text.trim());
  const port = portText === undefined ? httpsPort : Number(portText);
  if (port < 1 || port > 65_535) return invalid(text, `the port must be between 1 and 65535, not ${portText}`);
  if (hostText.startsWith("*.")) return parseWildcard({ text, suffixText: hostText.slice(2), port });
  const host = parseHost(hostText);
  return host === undefined
    ? invalid(text, hintFor(hostText))
    : { state: "valid", rule: { kind: "exact", host, port } };
}

/** Reads the `host:port` of a CONNECT request; the port is required there. */
export function parseTarget(authority: string): Target | undefined {
  const { hostText, portText } = splitPort(authority);
  const host = parseHost(hostText);
  const port = Number(portText);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** The rule that lets a target through; an exact one before a wildcard, because it allows more. */
export function findRule(rules: readonly AllowRule[], { host, port }: Target): AllowRule | undefined {
  const ofPort = rules.filter((rule) => rule.port === port);
  return (
    ofPort.find((rule) => rule.kind === "exact" && rule.host.kind === host.kind && rule.host.text === host.text) ??
    ofPort.find((rule) => rule.kind === "subdomains" && host.kind === "name" && host.text.endsWith(`.${rule.suffix}`))
  );
}

/** `host:port` with brackets around IPv6, as URLs and CONNECT write it. */
export function describeTarget({ host, port }: Target): string {
  return `${host.text.includes(":") ? `[${host.text}]` : host.text}:${port}`;
}

function parseWildcard(wildcard: { text: string; suffixText: string; port: number }): AllowRuleParse {
  const suffix = parseHost(wildcard.suffixText);
  if (suffix?.kind !== "name") return invalid(wildcard.text, "after `*.` comes a domain, as in *.example.com");
  return { state: "valid", rule: { kind: "subdomains", suffix: suffix.text, port: wildcard.port } };
}

/** Splits at the colon before the port; an IPv6 address without brackets has none. */
function splitPort(text: string): { hostText: string; portText: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(text);
  return { hostText: match?.[1] ?? text, portText: match?.[2] };
}

function invalid(text: string, reason: string): AllowRuleParse {
  return { state: "invalid", problem: `"${text}" is no host: ${reason}.` };
}

function hintFor(hostText: string): string {
  const fromUrl = URL.parse(hostText)?.hostname;
  if (hostText.includes("://") && fromUrl) return `write the host without scheme and path, here "${fromUrl}"`;
  if (hostText === "*") return 'a list of everything is no list; use `network_mode: "bridge"` for that';
  return "write a name (api.example.com), a wildcard (*.example.com) or an address, each with :port unless it is 443";
}
