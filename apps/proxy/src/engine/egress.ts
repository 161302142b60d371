/** The network on which containers reach nothing but a filtering proxy at its gateway. */
export interface EgressNetwork {
  readonly name: string;
  /** The network interface on this machine. */
  readonly bridgeName: string;
  readonly gatewayAddress: string;
  /** 172.18.0.0/16 */
  readonly subnet: string;
  /** For the create options of each container on it. */
  readonly dns: readonly string[];
  readonly dnsOptions: readonly string[];
}

/** A service of this machine that containers of the egress network reach. */
export interface ExposedPort {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
}

/** Whether containers of the egress network reach other services of this machine than the proxy. */
export type HostGuard =
  | { readonly state: "closed" }
  | {
      readonly state: "open";
      /** Why MCPProxy could not close them itself. */
      readonly reason: string;
      /** What is reachable now. */
      readonly exposedPorts: readonly ExposedPort[];
      /** What an administrator can paste; holds until the next boot. */
      readonly command: string;
    };

/** What an engine does for servers whose network is an allow-list. */
export interface EgressSide {
  /** Makes sure of this instance's egress network. Rejects with EngineError. */
  ensure(): Promise<EgressNetwork>;
  /** The address of a running container on it; undefined when it has none. */
  addressOf(containerId: string): Promise<string | undefined>;
  /** Closes this machine's own services to the network, but for the proxy. */
  guard(network: EgressNetwork, proxyPort: number): Promise<HostGuard>;
  /** Takes the network and its guard away, unless a container still uses it. */
  remove(): Promise<void>;
}
