export type EgressSupport =
  | { readonly state: "supported" }
  | { readonly state: "unsupported"; readonly reason: string; readonly remedy: string };

interface EnginePlace {
  /** `process.platform` */
  readonly platform: string;
  /** Address of the engine, e.g. unix:///var/run/docker.sock. */
  readonly endpoint: string;
}

/** Sockets on Linux behind which containers still run in a virtual machine or a network namespace of their own. */
const indirectSockets: readonly (readonly [RegExp, string])[] = [
  [/\/\.docker\/desktop\//, "Docker Desktop runs containers in a virtual machine"],
  [/\/\.(?:colima|lima|rd|orbstack)\//, "this engine runs containers in a virtual machine"],
  [/\/run\/user\//, "a rootless engine runs containers in a network of its own"],
];

/** Whether containers of this engine can reach a proxy inside MCPProxy, as `network_mode: "allowlist"` needs. */
export function egressSupport({ platform, endpoint }: EnginePlace): EgressSupport {
  if (platform !== "linux") return unsupported(`on ${platform} containers run in a virtual machine`);
  if (!endpoint.startsWith("unix://")) return unsupported(`the engine at ${endpoint} is not on this machine`);
  const indirect = indirectSockets.find(([pattern]) => pattern.test(endpoint));
  return indirect === undefined ? { state: "supported" } : unsupported(indirect[1]);
}

function unsupported(because: string): EgressSupport {
  return {
    state: "unsupported",
    reason: `network_mode "allowlist" cannot be enforced here: ${because}, and its filter listens on this machine.`,
    remedy:
      'Run MCPProxy on the Linux machine that runs the engine as root, or choose network_mode "none" (no network) or "bridge" (all of it).',
  };
}
