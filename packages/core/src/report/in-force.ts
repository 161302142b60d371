/** What the engine says is in force for one container. Never filled from a plan or from the configuration. */
export interface InForce {
  /** 0 for no limit. */
  readonly memoryBytes: number;
  /** Memory plus swap; -1 for no limit, 0 for the engine's own choice, which is twice the memory. */
  readonly memorySwapBytes: number;
  /** 0 for no limit. */
  readonly nanoCpus: number;
  /** 0 or less for no limit. */
  readonly pidsLimit: number;
  readonly isOomKillDisabled: boolean;
  readonly isPrivileged: boolean;
  readonly capDrop: readonly string[];
  readonly capAdd: readonly string[];
  readonly securityOpt: readonly string[];
  /** False when the parts of /proc that tell about the machine are not hidden. */
  readonly areSystemPathsMasked: boolean;
  readonly isReadOnlyRoot: boolean;
  /** Of the container or its image; empty for root. */
  readonly user: string;
  readonly networkMode: string;
  /** True for a network without a way out of this machine. */
  readonly isInternalNetwork: boolean;
  readonly hasPublishedPorts: boolean;
  readonly pidMode: string;
  readonly ipcMode: string;
  readonly utsMode: string;
  readonly usernsMode: string;
  /** Paths of devices on the host, rules of the device cgroup, requests for GPUs. */
  readonly devices: readonly string[];
  readonly mounts: readonly MountInForce[];
  readonly ociRuntime: string;
  readonly hasInit: boolean;
  /** "no", "always", … */
  readonly restartPolicy: string;
  readonly engine: EngineInForce;
}

export interface MountInForce {
  readonly kind: "bind" | "volume" | "tmpfs" | "other";
  /** Path on the host; the name of a volume. */
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

/** What the engine says about itself: a limit that it does not enforce is none. */
export interface EngineInForce {
  readonly enforcesMemory: boolean;
  readonly enforcesSwap: boolean;
  readonly enforcesCpus: boolean;
  readonly enforcesPids: boolean;
  readonly hasSeccomp: boolean;
  /** AppArmor or SELinux. */
  readonly hasMandatoryAccessControl: boolean;
  /** Rootless, or with a user namespace: root in a container is nobody on the machine. */
  readonly isRootMapped: boolean;
}
