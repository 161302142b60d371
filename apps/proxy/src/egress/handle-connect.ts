import type { Socket } from "node:net";
import { describeTarget, findRule, parseTarget, type Target } from "./allow-rule.ts";
import { sendAnswer, type Answer } from "./answer.ts";
import type { Admission } from "./admissions.ts";
import { checkClientHello } from "./check-client-hello.ts";
import { connectTarget, type Route } from "./connect-target.ts";
import { describeDenial, type EgressDenialReason } from "./denial.ts";
import { joinSockets } from "./join-sockets.ts";
import type { Slots } from "./slots.ts";

export interface TunnelSettings {
  readonly route: Route;
  readonly tunnelSlots: Slots;
  readonly maxTunnelsPerServer: number;
  readonly clientHelloTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

interface ConnectRequest {
  readonly admission: Admission;
  readonly client: Socket;
  /** The `host:port` of the request. */
  readonly authority: string;
  readonly head: Buffer;
  readonly settings: TunnelSettings;
}

/** Serves one CONNECT request of an admitted container: checks, connects, checks what it says, lets it through. */
export async function handleConnect(request: ConnectRequest): Promise<void> {
  const { admission, client, settings } = request;
  const target = parseTarget(request.authority);
  if (target === undefined) return sendAnswer(client, { status: 400, text: "CONNECT needs host:port." });
  const rule = findRule(admission.rules, target);
  if (rule === undefined) {
    // Some clients open a tunnel for http:// addresses too.
    const reason = target.port === 80 ? "plain_http" : "not_listed";
    return deny({ ...request, target, reason, status: 403 });
  }
  const giveBack = settings.tunnelSlots.take(admission.server);
  if (giveBack === undefined) {
    const detail = `more than ${settings.maxTunnelsPerServer}`;
    return deny({ ...request, target, reason: "too_many_connections", detail, status: 503 });
  }
  client.once("close", giveBack);
  if (client.destroyed) giveBack();
  const connection = await connectTarget({ target, rule, route: settings.route, signal: admission.signal });
  switch (connection.state) {
    case "denied":
      return deny({ ...request, target, ...connection, status: 403 });
    case "failed":
      return sendAnswer(client, { status: 502, text: connection.message });
    case "connected":
      return openTunnel({ ...request, target, targetSocket: connection.socket });
  }
}

interface OpenTunnel extends ConnectRequest {
  readonly target: Target;
  readonly targetSocket: Socket;
}

async function openTunnel({ admission, client, head, settings, target, targetSocket }: OpenTunnel): Promise<void> {
  admission.track(targetSocket);
  const closeTarget = (): unknown => targetSocket.destroy();
  client.once("close", closeTarget);
  if (client.destroyed) return void closeTarget();
  client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  const check = await checkClientHello({ client, head, target, timeoutMs: settings.clientHelloTimeoutMs });
  if (check.state === "accepted") {
    client.off("close", closeTarget);
    targetSocket.write(check.bytes);
    return joinSockets({ client, target: targetSocket, idleTimeoutMs: settings.idleTimeoutMs });
  }
  if (check.state === "denied") report({ admission, target, ...check });
  targetSocket.destroy();
  if (check.state === "denied" && check.reason !== "not_tls") client.end(accessDeniedAlert);
  else client.destroy();
}

/** A fatal TLS alert `access_denied` (RFC 8446 §6.2), so that the client tells a refusal from a broken line. */
const accessDeniedAlert = Buffer.from([21, 3, 3, 0, 2, 2, 49]);

interface Denied {
  readonly admission: Admission;
  readonly target: Target;
  readonly reason: EgressDenialReason;
  readonly detail?: string | undefined;
}

/** Reports a denial; gives back its words. */
function report({ admission, target, reason, detail }: Denied): string {
  const message = describeDenial({ target: describeTarget(target), reason, detail });
  admission.report({ host: target.host.text, port: target.port, reason, message });
  return message;
}

function deny({ client, status, ...denied }: Denied & Pick<Answer, "status"> & { readonly client: Socket }): void {
  sendAnswer(client, { status, text: `${report(denied)}\n${describeList(denied.admission)}` });
}

/** What a server may reach, and where to change that. */
export function describeList({ allowHosts, server }: Admission): string {
  const list = allowHosts.length === 0 ? "nothing" : allowHosts.join(", ");
  return `MCPProxy lets the server "${server}" reach: ${list}. To add a host, put it into \`allow_hosts\` of its \`isolation\` in mcp_config.json.`;
}
