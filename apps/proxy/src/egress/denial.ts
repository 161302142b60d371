/** Why a connection was refused; a code for machines, `describeDenial` has the words. */
export type EgressDenialReason =
  | "not_listed"
  | "plain_http"
  | "not_tls"
  | "no_server_name"
  | "server_name_mismatch"
  | "client_hello_too_large"
  | "client_hello_timeout"
  | "refused_address"
  | "private_address"
  | "too_many_connections";

/** One refused attempt of a server to reach the outside. */
export interface EgressDenial {
  readonly host: string;
  readonly port: number;
  readonly reason: EgressDenialReason;
  /** One sentence for people that ends with what to do. */
  readonly message: string;
}

interface DenialFacts {
  /** `host:port` */
  readonly target: string;
  readonly reason: EgressDenialReason;
  /** The value that decided: an address with its class, the other server name, a bound. */
  readonly detail?: string | undefined;
}

/** What happened and what to do, for log, page and the refused program itself. */
export function describeDenial({ target, reason, detail }: DenialFacts): string {
  const because = detail === undefined ? "" : ` (${detail})`;
  switch (reason) {
    case "not_listed":
      return `${target} is not in allow_hosts; add it there if the server needs it.`;
    case "plain_http":
      return `Plain HTTP to ${target} is refused: only HTTPS to the hosts in allow_hosts is let through; use an https:// address.`;
    case "not_tls":
      return `The connection to ${target} does not speak TLS; only HTTPS is let through.`;
    case "no_server_name":
      return `The TLS connection to ${target} names no server (SNI), so it cannot be checked; use a client that sends it.`;
    case "server_name_mismatch":
      return `The TLS connection to ${target} asks for another server${because}; the name asked for must be in allow_hosts itself.`;
    case "client_hello_too_large":
      return `The TLS connection to ${target} starts with a ClientHello that is too large to check${because}.`;
    case "client_hello_timeout":
      return `The connection to ${target} did not start TLS in time${because}.`;
    case "refused_address":
      return `${target} leads to an address that is never let through${because}.`;
    case "private_address":
      return `${target} leads into a private network${because}; list this name itself instead of a wildcard if that is intended.`;
    case "too_many_connections":
      return `${target} was refused: the server has too many connections open${because}.`;
    default:
      return reason satisfies never;
  }
}
