import type { EnvVariable, IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import type { EgressNetwork } from "../engine/egress.ts";
import { EngineError, type ContainerEngine } from "../engine/engine.ts";
import { parseAllowRule } from "./allow-rule.ts";
import type { EgressDenial } from "./denial.ts";
import { startEgressProxy, type EgressProxy } from "./egress-proxy.ts";
import { egressSupport } from "./egress-support.ts";
import { egressVariables } from "./egress-variables.ts";
import type { UpstreamProxy } from "./upstream-proxy.ts";

export interface EgressGateOptions {
  readonly platform: string;
  readonly upstreamProxy: UpstreamProxy | undefined;
}

/** The way out of one engine's containers, while it is open. */
interface Opened {
  readonly network: EgressNetwork;
  readonly proxy: EgressProxy;
  /** What of this machine stays reachable; undefined when nothing does. */
  readonly warning: string | undefined;
}

export interface OpenedPlan {
  /** The plan on the network that is really used, with the variables of the proxy. */
  readonly plan: IsolationPlan;
  readonly warning: string | undefined;
}

export interface AdmissionRequest {
  readonly engine: ContainerEngine;
  readonly containerId: string;
  readonly runId: string;
  readonly plan: IsolationPlan;
  onDenied(denial: EgressDenial): void;
}

/** The filtered way out for servers with `network_mode: "allowlist"`: one proxy per engine, opened by the first of them. */
export class EgressGate {
  private readonly options: EgressGateOptions;
  private readonly opened = new Map<ContainerEngine, Promise<Opened>>();
  /** Of networks that nobody needs any more; whoever opens one waits for it. */
  private readonly removals = new Map<ContainerEngine, Promise<void>>();
  private timesOpened = 0;

  constructor(options: EgressGateOptions) {
    this.options = options;
  }

  /** Makes the way out ready for a container of this plan. Rejects with EngineError stage "create" where there is none. */
  async open(engine: ContainerEngine, plan: IsolationPlan): Promise<OpenedPlan> {
    refuseUnreadable(plan.network.allowHosts);
    this.timesOpened += 1;
    const { network, proxy, warning } = await this.opening(engine);
    const variables = Object.entries(egressVariables(proxy.url)).map(([name, value]): EnvVariable => ({
      name,
      value,
      isSecret: false,
    }));
    const ours = new Set(variables.map(({ name }) => name));
    return {
      plan: {
        ...plan,
        network: { ...plan.network, mode: network.name, dns: network.dns, dnsOptions: network.dnsOptions },
        env: [...plan.env.filter(({ name }) => !ours.has(name)), ...variables],
      },
      warning,
    };
  }

  /** Lets a started container through to its hosts; the answer takes that back. */
  async admit({ engine, containerId, runId, plan, onDenied }: AdmissionRequest): Promise<() => void> {
    const { proxy } = await (this.opened.get(engine) ?? this.opening(engine));
    const address = await engine.egress.addressOf(containerId);
    if (address === undefined)
      throw new Error(`The container ${containerId.slice(0, 12)} is not on the egress network.`);
    return proxy.admit({ address, server: plan.server, runId, allowHosts: plan.network.allowHosts, onDenied });
  }

  /** Takes away the network that a killed MCPProxy left, unless it is in use here. Rejects when the engine does not answer. */
  async removeLeftover(engine: ContainerEngine): Promise<void> {
    if (this.opened.has(engine)) return;
    const removal = engine.egress.remove();
    const settled = removal.catch(() => undefined);
    this.removals.set(engine, settled);
    await settled;
    this.removals.delete(engine);
    await removal;
  }

  /** Closes the ways out that no run needs any more; the next run opens its own again. */
  async closeUnused(isNeeded: () => Promise<boolean>): Promise<void> {
    const before = this.timesOpened;
    if (this.opened.size === 0 || (await isNeeded())) return;
    // Opened while that was asked, for a run that the answer did not know yet.
    if (this.timesOpened === before) await this.close();
  }

  /** Closes the proxies and takes the networks away. */
  async close(): Promise<void> {
    const all = [...this.opened];
    this.opened.clear();
    await Promise.all(all.map(([engine, opening]) => this.closeOne(engine, opening)));
  }

  /** Who opens it again in the meantime waits for the end of this. Never rejects. */
  private async closeOne(engine: ContainerEngine, opening: Promise<Opened>): Promise<void> {
    const closing = (async () => {
      const opened = await opening.catch(() => undefined);
      await opened?.proxy.close();
      // A network that cannot be removed now is found by its labels and used again.
      await engine.egress.remove().catch(() => undefined);
    })();
    this.removals.set(engine, closing);
    await closing;
    if (this.removals.get(engine) === closing) this.removals.delete(engine);
  }

  /** The network may have been pruned in the meantime: it is made sure of each time, the proxy only when its address is new. */
  private async opening(engine: ContainerEngine): Promise<Opened> {
    const before = this.opened.get(engine);
    const opening = this.openAgain(engine, before);
    this.opened.set(engine, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.opened.get(engine) === opening) this.keep(engine, before);
      throw error;
    }
  }

  /** After a failure: what was open stays open for the containers that are on it. */
  private keep(engine: ContainerEngine, before: Promise<Opened> | undefined): void {
    if (before === undefined) this.opened.delete(engine);
    else this.opened.set(engine, before);
  }

  private async openAgain(engine: ContainerEngine, before: Promise<Opened> | undefined): Promise<Opened> {
    const known = await before?.catch(() => undefined);
    const support = egressSupport({ platform: this.options.platform, endpoint: engine.status.endpoint });
    if (support.state === "unsupported")
      throw new EngineError(`${support.reason} ${support.remedy}`, { stage: "create" });
    await this.removals.get(engine);
    const network = await engine.egress.ensure();
    const isSame = known !== undefined && known.network.gatewayAddress === network.gatewayAddress;
    const proxy = isSame ? known.proxy : await this.start(network);
    if (!isSame) await known?.proxy.close();
    // Each time: who reloads the firewall takes our rules away with the others.
    const guard = await engine.egress.guard(network, proxy.port);
    return { network, proxy, warning: guard.state === "closed" ? undefined : openWords(guard) };
  }

  private async start({ gatewayAddress }: EgressNetwork): Promise<EgressProxy> {
    const { upstreamProxy } = this.options;
    try {
      return await startEgressProxy({ listenAddress: gatewayAddress, ...(upstreamProxy && { upstreamProxy }) });
    } catch (cause) {
      const message = `network_mode "allowlist" cannot be enforced here: its filter cannot listen on ${gatewayAddress}, which is not an address of this machine. Choose network_mode "none" or "bridge".`;
      throw new EngineError(message, { stage: "create" }, { cause });
    }
  }
}

function refuseUnreadable(allowHosts: readonly string[]): void {
  for (const entry of allowHosts) {
    const parsed = parseAllowRule(entry);
    if (parsed.state === "invalid") throw new EngineError(`allow_hosts: ${parsed.problem}`, { stage: "create" });
  }
}

function openWords(guard: {
  readonly reason: string;
  readonly exposedPorts: readonly { readonly protocol: string; readonly port: number }[];
  readonly command: string;
}): string {
  const ports = guard.exposedPorts.map(({ protocol, port }) => `${port}/${protocol}`).join(", ") || "none now";
  return `Services of this machine that listen on all addresses stay reachable from servers with an allow-list (${ports}): ${guard.reason} To close them: ${guard.command}`;
}
