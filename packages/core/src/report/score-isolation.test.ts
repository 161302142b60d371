import { describe, expect, it } from "vitest";
import type { InForce, MountInForce } from "./in-force.ts";
import { scoreIsolation } from "./score-isolation.ts";

const megabyte = 1024 ** 2;

/** What inspect says of a container under `preset: "standard"`, on an engine with everything. */
const standard: InForce = {
  memoryBytes: 512 * megabyte,
  memorySwapBytes: 512 * megabyte,
  nanoCpus: 1e9,
  pidsLimit: 256,
  isOomKillDisabled: false,
  isPrivileged: false,
  capDrop: ["ALL"],
  capAdd: [],
  securityOpt: ["no-new-privileges"],
  areSystemPathsMasked: true,
  isReadOnlyRoot: false,
  user: "",
  networkMode: "bridge",
  isInternalNetwork: false,
  hasPublishedPorts: false,
  pidMode: "",
  ipcMode: "private",
  utsMode: "",
  usernsMode: "",
  devices: [],
  mounts: [],
  ociRuntime: "runc",
  hasInit: true,
  restartPolicy: "no",
  engine: {
    enforcesMemory: true,
    enforcesSwap: true,
    enforcesCpus: true,
    enforcesPids: true,
    hasSeccomp: true,
    hasMandatoryAccessControl: true,
    isRootMapped: false,
  },
};
const strict: InForce = { ...standard, isReadOnlyRoot: true, user: "1000:1000", networkMode: "none" };

const bind = (source: string, isReadOnly: boolean): MountInForce => ({
  kind: "bind",
  source,
  target: "/mnt",
  isReadOnly,
});
const engine = (changes: Partial<InForce["engine"]>) => ({ engine: { ...standard.engine, ...changes } });

describe("score", () => {
  it.each<[string, InForce, number]>([
    ["standard", standard, 77],
    ["standard without AppArmor", { ...standard, ...engine({ hasMandatoryAccessControl: false }) }, 75],
    ["standard, rootless engine", { ...standard, ...engine({ isRootMapped: true }) }, 81],
    ["strict", strict, 97],
    ["strict without AppArmor", { ...strict, ...engine({ hasMandatoryAccessControl: false }) }, 95],
    ["strict with an allowlist", { ...strict, networkMode: "mcpproxy-egress", isInternalNetwork: true }, 95],
    ["strict with gVisor", { ...strict, ociRuntime: "runsc" }, 100],
    ["host network", { ...standard, networkMode: "host" }, 39],
    ["docker.sock, read-only", { ...standard, mounts: [bind("/var/run/docker.sock", true)] }, 0],
    ["the whole machine, read-only", { ...standard, mounts: [bind("/", true)] }, 17],
    ["the whole machine", { ...strict, mounts: [bind("/", false)] }, 12],
    ["privileged", { ...strict, isPrivileged: true }, 7],
    [
      "a CA bundle and a cache of its own",
      { ...standard, mounts: [bind("/etc/ssl/certs/ca.crt", true), { ...bind("cache", false), kind: "volume" }] },
      77,
    ],
  ])("%s", (_, inForce, score) => {
    expect(scoreIsolation(inForce).score).toBe(score);
  });

  it("of plain `docker run` is below the standard preset", () => {
    const plain: InForce = {
      ...standard,
      memoryBytes: 0,
      memorySwapBytes: 0,
      nanoCpus: 0,
      pidsLimit: 0,
      capDrop: [],
      securityOpt: [],
      hasInit: false,
    };
    expect(scoreIsolation(plain).score).toBe(23);
  });
});

describe("weaknesses", () => {
  const rows: readonly (readonly [string, Partial<InForce>, number])[] = [
    ["memory_unlimited", { memoryBytes: 0, memorySwapBytes: 0 }, 15],
    ["memory_not_enforced", engine({ enforcesMemory: false }), 15],
    ["swap_allowed", { memorySwapBytes: -1 }, 2],
    ["swap_allowed", { memorySwapBytes: 0 }, 2],
    ["swap_allowed", { memorySwapBytes: 1024 * megabyte }, 2],
    ["swap_not_enforced", engine({ enforcesSwap: false }), 2],
    ["oom_kill_disabled", { isOomKillDisabled: true }, 8],
    ["cpus_unlimited", { nanoCpus: 0 }, 8],
    ["cpus_not_enforced", engine({ enforcesCpus: false }), 8],
    ["pids_unlimited", { pidsLimit: -1 }, 12],
    ["pids_not_enforced", engine({ enforcesPids: false }), 12],
    ["no_init", { hasInit: false }, 1],
    ["restarted_by_engine", { restartPolicy: "always" }, 2],
    ["capabilities_kept", { capDrop: ["NET_RAW"] }, 10],
    ["capabilities_added", { capAdd: ["CAP_CHOWN"] }, 3],
    ["strong_capabilities", { capAdd: ["NET_ADMIN", "SYS_PTRACE"] }, 50],
    ["strong_capabilities", { capAdd: ["CAP_SYS_ADMIN"] }, 60],
    ["new_privileges", { securityOpt: [] }, 8],
    ["new_privileges", { securityOpt: ["no-new-privileges=false"] }, 8],
    ["seccomp_unconfined", { securityOpt: ["no-new-privileges", "seccomp=unconfined"] }, 20],
    ["no_seccomp", engine({ hasSeccomp: false }), 20],
    ["access_control_off", { securityOpt: ["no-new-privileges", "apparmor=unconfined"] }, 5],
    ["no_access_control", engine({ hasMandatoryAccessControl: false }), 2],
    ["system_paths_open", { areSystemPathsMasked: false }, 20],
    ["root_user", { user: "0:0" }, 7],
    ["root_user", { user: "root" }, 7],
    ["writable_root", { isReadOnlyRoot: false }, 6],
    ["shared_kernel", {}, 3],
    ["open_network", { networkMode: "bridge" }, 7],
    ["open_network", { networkMode: "my-network" }, 7],
    ["filtered_network", { networkMode: "my-network", isInternalNetwork: true }, 2],
    ["host_network", { networkMode: "host" }, 45],
    ["shared_network", { networkMode: "container:abc" }, 15],
    ["published_ports", { hasPublishedPorts: true }, 3],
    ["host_processes", { pidMode: "host" }, 30],
    ["shared_pid", { pidMode: "container:abc" }, 10],
    ["host_ipc", { ipcMode: "host" }, 15],
    ["shared_ipc", { ipcMode: "container:abc" }, 5],
    ["host_name_shared", { utsMode: "host" }, 5],
    ["host_users", { usernsMode: "host", ...engine({ isRootMapped: true }) }, 7],
    ["machine_devices", { devices: ["/dev/vda1"] }, 70],
    ["machine_devices", { devices: ["/dev/mem"] }, 70],
    ["devices", { devices: ["/dev/dri", "/dev/snd"] }, 20],
    ["dangerous_mount", { mounts: [bind("/var/run/docker.sock", true)] }, 85],
    ["dangerous_mount", { mounts: [bind("/run", true)] }, 85],
    ["dangerous_mount", { mounts: [bind("/home/me/.ssh", true)] }, 30],
    ["dangerous_mount", { mounts: [bind("/home/me", false)] }, 50],
    ["dangerous_mount", { mounts: [bind("/etc", false)] }, 50],
    ["writable_mounts", { mounts: [bind("/srv/a", false), bind("/srv/b", false), bind("/srv/c", true)] }, 6],
    ["privileged", { isPrivileged: true }, 90],
  ];

  it.each(rows)("%s %j", (code, changes, points) => {
    const { weaknesses } = scoreIsolation({ ...strict, ...changes }, { homeDirectory: "/home/me" });
    const found = weaknesses.find((weakness) => weakness.code === code);
    expect(found).toMatchObject({ code, points });
    expect(found?.message).toMatch(/^[A-Z].*\.$/);
    expect(found?.remedy).toMatch(/^[A-Z].*\.$/);
  });

  it("follow the link that a mount's source is", () => {
    const paths = new Map([["/srv/link", { kind: "directory", realPath: "/" } as const]]);
    const { score } = scoreIsolation({ ...strict, mounts: [bind("/srv/link", false)] }, { paths });
    expect(score).toBe(12);
  });

  it("are none for what every container has", () => {
    const { weaknesses } = scoreIsolation({ ...strict, ociRuntime: "runsc", devices: ["/dev/null", "/dev/urandom"] });
    expect(weaknesses).toEqual([]);
  });

  it("are told the heaviest first, and add up to the score", () => {
    const { weaknesses, score } = scoreIsolation({ ...standard, capAdd: ["NET_RAW"] });
    const points = weaknesses.map((weakness) => weakness.points);
    expect(points).toEqual(points.toSorted((one, other) => other - one));
    expect(100 - points.reduce((sum, one) => sum + one, 0)).toBe(score);
  });
});

it.each<[Partial<InForce>, { isHostNetwork: boolean; isPrivileged: boolean }]>([
  [{}, { isHostNetwork: false, isPrivileged: false }],
  [{ networkMode: "host" }, { isHostNetwork: true, isPrivileged: false }],
  [{ isPrivileged: true }, { isHostNetwork: false, isPrivileged: true }],
  [{ capAdd: ["ALL"] }, { isHostNetwork: false, isPrivileged: true }],
  [{ capAdd: ["CAP_SYS_ADMIN"] }, { isHostNetwork: false, isPrivileged: true }],
])("says whether the server owns the machine: %j", (changes, expected) => {
  expect(scoreIsolation({ ...standard, ...changes })).toMatchObject(expected);
});
