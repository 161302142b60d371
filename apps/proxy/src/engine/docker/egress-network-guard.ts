import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { EgressNetwork, ExposedPort, HostGuard } from "../egress.ts";
import { readExposedPorts } from "./egress-network-exposure.ts";

type Guarded = Pick<EgressNetwork, "bridgeName" | "gatewayAddress">;

/**
 * Docker filters what an internal network forwards, not what it sends to the host itself: a service on 0.0.0.0 would be
 * reachable at the gateway. One chain for packets from this bridge lets them through to the proxy and refuses the rest;
 * it needs the right to change the firewall (root).
 */
export async function guardHostPorts(network: Guarded, proxyPort: number): Promise<HostGuard> {
  const chain = chainOf(network);
  const proxy = ["-d", network.gatewayAddress, "-p", "tcp", "--dport", String(proxyPort)];
  const rules = [
    `:${chain} - [0:0]`,
    `-A ${chain} ${proxy.join(" ")} -j ACCEPT`,
    `-A ${chain} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `-A ${chain} -j REJECT`,
  ];
  try {
    // One transaction: there is no moment without the rules, and those of an earlier port go.
    await restore(["*filter", ...rules, "COMMIT", ""].join("\n"));
    await iptables(["-C", ...jump(network)]).catch(() => iptables(["-I", ...jump(network)]));
    return { state: "closed" };
  } catch (error) {
    return { state: "open", ...(await describeOpen({ network, proxyPort, error })) };
  }
}

/** Takes the rules of `guardHostPorts` back; nothing happens where there are none. */
export async function unguardHostPorts(network: Guarded): Promise<void> {
  const steps = [
    ["-D", ...jump(network)],
    ["-F", chainOf(network)],
    ["-X", chainOf(network)],
  ];
  for (const step of steps) await iptables(step).catch(() => undefined);
}

function chainOf({ bridgeName }: Guarded): string {
  return `MCPPROXY-${bridgeName}`;
}

function jump(network: Guarded): readonly string[] {
  return ["INPUT", "-i", network.bridgeName, "-j", chainOf(network)];
}

interface OpenFacts {
  readonly network: Guarded;
  readonly proxyPort: number;
  readonly error: unknown;
}

async function describeOpen({ network, proxyPort, error }: OpenFacts): Promise<{
  reason: string;
  exposedPorts: readonly ExposedPort[];
  command: string;
}> {
  const first = `iptables -I INPUT -i ${network.bridgeName}`;
  return {
    reason: reasonOf(error),
    exposedPorts: await readExposedPorts(proxyPort),
    // The proxy's port changes with each start, but the system always takes it from above this range.
    command: `sudo ${first} -p tcp --dport 0:32767 -j REJECT && sudo ${first} ! -p tcp -j REJECT`,
  };
}

function reasonOf(error: unknown): string {
  const words = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : "";
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "iptables is not installed";
  if (/permission denied|must be root/i.test(words ?? "")) return "changing the firewall needs root";
  return words || (error instanceof Error ? error.message : String(error));
}

async function restore(rules: string): Promise<void> {
  await withPath("iptables-restore", (file) => {
    const running = promisify(execFile)(file, ["--noflush", "--wait", "5"], { timeout: 10_000 });
    running.child.stdin?.on("error", ignore).end(rules);
    return running;
  });
}

async function iptables(args: readonly string[]): Promise<void> {
  await withPath("iptables", (file) => promisify(execFile)(file, ["--wait", "5", ...args], { timeout: 10_000 }));
}

/** Programs for administrators are often not on the path of a service. */
async function withPath(program: string, run: (file: string) => Promise<unknown>): Promise<void> {
  try {
    await run(`/usr/sbin/${program}`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    await run(program);
  }
}

const ignore = (): void => undefined;
