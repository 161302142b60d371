import type { Socket } from "node:net";
import type { Target } from "./allow-rule.ts";
import { maxClientHelloBytes } from "./client-hello.ts";
import type { EgressDenialReason } from "./denial.ts";
import { parseHost } from "./host-name.ts";
import { readClientHello } from "./read-client-hello.ts";

export type ClientHelloCheck =
  | { readonly state: "accepted"; readonly bytes: Buffer }
  | { readonly state: "denied"; readonly reason: EgressDenialReason; readonly detail?: string }
  | { readonly state: "closed" };

interface ClientHelloQuestion {
  readonly client: Socket;
  readonly head: Buffer;
  readonly target: Target;
  readonly timeoutMs: number;
}

/** Reads the start of a tunnel and checks that it is TLS to the very host that the tunnel was opened for. */
export async function checkClientHello({
  client,
  head,
  target,
  timeoutMs,
}: ClientHelloQuestion): Promise<ClientHelloCheck> {
  const { bytes, outcome } = await readClientHello({ socket: client, head, timeoutMs });
  switch (outcome.state) {
    case "closed":
      return { state: "closed" };
    case "timed_out":
      return { state: "denied", reason: "client_hello_timeout", detail: `${timeoutMs / 1_000} s` };
    case "invalid":
      return denyInvalid(outcome.reason);
    case "complete":
      return checkServerName({ bytes, serverName: outcome.serverName, target });
    default:
      return outcome satisfies never;
  }
}

function denyInvalid(reason: "not_tls" | "client_hello_too_large"): ClientHelloCheck {
  if (reason === "not_tls") return { state: "denied", reason };
  return { state: "denied", reason, detail: `more than ${maxClientHelloBytes} bytes` };
}

interface ServerNameQuestion {
  readonly bytes: Buffer;
  readonly serverName: string | undefined;
  readonly target: Target;
}

function checkServerName({ bytes, serverName, target: { host } }: ServerNameQuestion): ClientHelloCheck {
  // RFC 6066 knows no server name for addresses.
  if (serverName === undefined && host.kind === "address") return { state: "accepted", bytes };
  if (serverName === undefined) return { state: "denied", reason: "no_server_name" };
  const asked = parseHost(serverName);
  if (asked?.kind === host.kind && asked.text === host.text) return { state: "accepted", bytes };
  return { state: "denied", reason: "server_name_mismatch", detail: asked?.text ?? "a name that is none" };
}
