import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { connect, type LookupFunction, type Socket } from "node:net";
import type { LookupAddress } from "node:dns";
import { describeTarget, type AllowRule, type Target } from "./allow-rule.ts";
import type { AddressRefusal } from "./judge-address.ts";
import { resolveTarget, type LookupAll, type Resolution } from "./resolve-target.ts";
import { connectThroughUpstream, isProxied, type UpstreamProxy } from "./upstream-proxy.ts";

const connectTimeoutMs = 15_000;
/** Behind an upstream proxy names often cannot be resolved here at all; nobody should wait for that. */
const upstreamLookupMs = 1_000;

export interface Route {
  readonly lookup: LookupAll;
  readonly ownAddresses: () => Promise<readonly string[]>;
  readonly upstreamProxy: UpstreamProxy | undefined;
}

export type TargetConnection =
  | { readonly state: "connected"; readonly socket: Socket }
  | ({ readonly state: "denied" } & AddressRefusal)
  | { readonly state: "failed"; readonly message: string };

interface TargetRequest {
  readonly target: Target;
  readonly rule: AllowRule;
  readonly route: Route;
  readonly signal: AbortSignal;
}

/** Connects to a listed target: resolves it, checks the addresses, and connects to one that was checked. */
export async function connectTarget({ target, rule, route, signal }: TargetRequest): Promise<TargetConnection> {
  const upstream =
    route.upstreamProxy !== undefined && isProxied(route.upstreamProxy, target) ? route.upstreamProxy : undefined;
  const resolving = resolveTarget({
    host: target.host,
    isListedExactly: rule.kind === "exact",
    ownAddresses: await route.ownAddresses(),
    lookup: route.lookup,
  });
  const resolution = await (upstream === undefined ? resolving : Promise.race([resolving, giveUpLookup()]));
  if (resolution.state === "denied") return resolution;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]);
  try {
    if (upstream !== undefined) {
      return { state: "connected", socket: await connectThroughUpstream({ upstream, target, signal: deadline }) };
    }
    if (resolution.state === "unknown") return { state: "failed", message: resolution.message };
    const socket = await connectTo({ target, addresses: resolution.addresses, signal: deadline });
    return { state: "connected", socket };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { state: "failed", message: `${describeTarget(target)} cannot be reached: ${cause}.` };
  }
}

function giveUpLookup(): Promise<Resolution> {
  return pause(upstreamLookupMs, { state: "unknown", message: "" }, { ref: false });
}

interface CheckedTarget {
  readonly target: Target;
  readonly addresses: readonly LookupAddress[];
  readonly signal: AbortSignal;
}

async function connectTo({ target, addresses, signal }: CheckedTarget): Promise<Socket> {
  const socket = connect({
    host: target.host.text,
    port: target.port,
    lookup: answerWith(addresses),
    autoSelectFamily: true,
    allowHalfOpen: true,
    noDelay: true,
  });
  // Also for errors that come when nobody waits for the connection any more.
  socket.on("error", ignore);
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** A lookup that knows its answer: a second question to the DNS could be answered differently. */
function answerWith(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}

const ignore = (): void => undefined;
