import type { RemoteTarget, ServerConfig } from "@mcpproxy/config-schema/config";
import { engineOf, timeoutsOf } from "./build-plan.ts";
import { chooseBundle } from "./ca-certificates.ts";
import type { EffectiveSettings } from "./effective-settings.ts";
import type { HostFacts, PlanResult } from "./isolation-plan.ts";

export interface RemotePlanning {
  readonly server: ServerConfig;
  readonly remote: RemoteTarget;
  readonly values: EffectiveSettings["values"];
  readonly host: HostFacts;
}

/** A server somewhere else: nothing is started, so there is nothing to isolate, and everybody is told so. */
export function planRemote({ server, remote, values, host }: RemotePlanning): PlanResult {
  const caFile = chooseBundle(values.caCertificates, host)?.path;
  return {
    kind: "direct",
    launch: {
      server: server.name,
      command: [server.command],
      env: Object.entries(remote.headers).map(([name, value]) => ({ name, value, isSecret: true })),
      timeouts: timeoutsOf(values),
      engine: engineOf(values),
      remote: {
        url: remote.url,
        transport: remote.transport,
        headerReferences: remote.references ?? {},
        ...(caFile === undefined ? {} : { caFile }),
      },
    },
    reason: `It is a remote server, ${server.command}: it runs somewhere else, not isolated by MCPProxy.`,
    findings: [
      {
        code: "remote_server",
        severity: "hint",
        message: `Remote, not isolated by MCPProxy: what clients send it goes to ${server.command}.`,
        remedy: "Nothing runs on this machine. To run a server of your own in a container, give it a command.",
      },
    ],
  };
}
