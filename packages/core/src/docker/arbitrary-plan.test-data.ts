import fc from "fast-check";
import type { Hardening, IsolationPlan, Limits, NetworkPlan } from "../plan/isolation-plan.ts";
import { examplePlan } from "./example-plan.test-data.ts";

export interface PlanWorld {
  readonly image: string;
  /** Paths on the host that mounts may name. */
  readonly sources: readonly string[];
  readonly networks: readonly string[];
}

/** What no engine and no program takes is a NUL; everything else may be in a word. */
const word = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }).filter((text) => !text.includes("\0")),
  fc.constantFrom(
    "",
    "-",
    "--",
    "--name=x",
    "-v",
    "#",
    "$HOME",
    "`x`",
    "a b",
    '"',
    "'",
    "\\",
    "\n",
    "\t",
    "é",
    "日本",
    "👩‍👩‍👧",
  ),
);
/** Engines clean a path, so it holds none of the parts that would go. */
const path = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
      fc.constantFrom("a b", "a,b", 'a"b', "a:b", "a=b", "#é", "-rf"),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => `/mnt/${parts.join("/")}`);
const megabyte = 1024 ** 2;
const capabilityNames = ["CHOWN", "CAP_NET_RAW", "net_bind_service", "SYS_PTRACE", "cap_setuid", "DAC_OVERRIDE"];

/** Any plan that the config file can lead to, over all settings. */
export function arbitraryPlan(world: PlanWorld): fc.Arbitrary<IsolationPlan> {
  return fc
    .record({
      command: fc.tuple(fc.constantFrom("node", "npx", "/bin/a b", "-weird"), fc.array(word, { maxLength: 6 })),
      env: arbitraryEnv,
      limits: arbitraryLimits,
      network: arbitraryNetwork(world.networks),
      hardening: arbitraryHardening,
      logDriver: arbitraryLogDriver,
      targets: fc.uniqueArray(path, { minLength: 6, maxLength: 6, comparator: isSameOrInside }),
      mountCount: fc.integer({ min: 0, max: 3 }),
      sources: fc.array(fc.constantFrom(...world.sources), { minLength: 3, maxLength: 3 }),
      isReadOnly: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      tmpfsOptions: fc.array(fc.constantFrom("", "size=64m", "size=1m,mode=1777,exec", "uid=1000,gid=1000,noexec"), {
        maxLength: 2,
      }),
      devicePermissions: fc.array(fc.constantFrom("rwm", "r", "rw"), { maxLength: 2 }),
      hasCache: fc.boolean(),
      platform: fc.option(fc.constant("linux/amd64"), { nil: undefined }),
      workingDir: fc.option(path, { nil: undefined }),
    })
    .map(({ command, targets, mountCount, sources, isReadOnly, tmpfsOptions, devicePermissions, ...rest }) => {
      const { hasCache, platform, workingDir, ...same } = rest;
      const tmpfsPaths = targets.slice(3).map((target) => target.replaceAll(/[:,]/g, "-"));
      return {
        ...withoutOptional(examplePlan),
        ...same,
        image: world.image,
        command: [command[0], ...command[1]],
        mounts: targets.slice(0, mountCount).map((target, index) => ({
          source: sources[index] ?? "",
          target,
          isReadOnly: isReadOnly[index] ?? true,
        })),
        tmpfs: tmpfsOptions.map((options, index) => ({ path: `/tmp/${index}${tmpfsPaths[index]}`, options })),
        devices: devicePermissions.map((permissions, index) => ({
          hostPath: "/dev/null",
          containerPath: `/dev/test${index}`,
          permissions,
        })),
        ...(hasCache ? { cache: { target: "/var/cache/mcpproxy" } } : {}),
        ...(platform === undefined ? {} : { platform }),
        ...(workingDir === undefined ? {} : { workingDir }),
      };
    });
}

/** Two mounts at one place, or one inside the other, are a different story. */
function isSameOrInside(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

function withoutOptional({ workingDir: _, ...plan }: IsolationPlan): IsolationPlan {
  return plan;
}

const arbitraryEnv: fc.Arbitrary<IsolationPlan["env"]> = fc.uniqueArray(
  fc.record({ name: fc.stringMatching(/^T_[A-Za-z0-9_.-]{1,8}$/), value: word, isSecret: fc.boolean() }),
  { maxLength: 5, selector: ({ name }) => name },
);

const arbitraryLimits: fc.Arbitrary<Limits> = fc
  .record({
    memoryBytes: fc.oneof(
      fc.integer({ min: 6 * megabyte, max: 900 * megabyte }),
      fc.constantFrom(512 * megabyte, 1024 * megabyte),
    ),
    swapBytes: fc.constantFrom(0, megabyte, 12_345),
    nanoCpus: fc.integer({ min: 10_000_000, max: 1_000_000_000 }),
    pids: fc.integer({ min: 1, max: 4_194_304 }),
    shmBytes: fc.option(fc.integer({ min: 1, max: 256 * megabyte }), { nil: undefined }),
    ulimits: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("core", "cpu", "fsize", "memlock", "nofile", "nproc", "stack"),
        soft: fc.integer({ min: 0, max: 1024 }),
        hard: fc.oneof(fc.integer({ min: 1024, max: 65_536 }), fc.constant(-1)),
      }),
      { maxLength: 3, selector: ({ name }) => name },
    ),
  })
  .map(({ memoryBytes, swapBytes, nanoCpus, pids, shmBytes, ulimits }) => ({
    memoryBytes,
    memorySwapBytes: memoryBytes + swapBytes,
    cpus: nanoCpus / 1e9,
    pids,
    ...(shmBytes === undefined ? {} : { shmBytes }),
    ulimits: ulimits.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  }));

function arbitraryNetwork(networks: readonly string[]): fc.Arbitrary<NetworkPlan> {
  return fc.record({
    mode: fc.constantFrom(...networks),
    allowHosts: fc.constant([]),
    dns: fc.uniqueArray(fc.constantFrom("1.1.1.1", "9.9.9.9", "2606:4700:4700::1111"), { maxLength: 2 }),
    extraHosts: fc.uniqueArray(
      fc.constantFrom("db.local:10.0.0.5", "v6.local:2001:db8::1", "host.docker.internal:host-gateway"),
      { maxLength: 3 },
    ),
  });
}

const arbitraryHardening: fc.Arbitrary<Hardening> = fc
  .record({
    capDrop: fc.oneof(fc.constant(["ALL"]), fc.uniqueArray(fc.constantFrom(...capabilityNames))),
    capAdd: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom(...capabilityNames)), fc.constant(["ALL"])),
    hasNoNewPrivileges: fc.boolean(),
    securityOpt: fc.uniqueArray(fc.constantFrom("seccomp=unconfined", "apparmor=unconfined", "label=disable")),
    hasInit: fc.boolean(),
    hasReadOnlyRoot: fc.boolean(),
    user: fc.option(fc.constantFrom("1000:1000", "node", "0", "nobody:nogroup"), { nil: undefined }),
    ociRuntime: fc.option(fc.constant("runc"), { nil: undefined }),
  })
  .map(({ user, ociRuntime, ...rest }) => ({
    ...rest,
    ...(user === undefined ? {} : { user }),
    ...(ociRuntime === undefined ? {} : { ociRuntime }),
  }));

const arbitraryLogDriver: fc.Arbitrary<IsolationPlan["logDriver"]> = fc.constantFrom(
  { name: "local", options: { "max-size": "10m", "max-file": "3" } },
  { name: "json-file", options: { "max-size": "1m", "max-file": "1" } },
  { name: "none", options: {} },
  { name: "journald", options: {} },
);
