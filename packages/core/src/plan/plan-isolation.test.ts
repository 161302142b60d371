import { describe, expect, it } from "vitest";
import type { HostFacts } from "./isolation-plan.ts";
import { bareHost, isolatedPlanOf, outcomeOf, planOf, type PlanCase } from "./plan-case.test-data.ts";

describe("outcome", () => {
  const docker = { command: "docker", args: ["run", "-i", "x"] };
  it.each<[string, PlanCase, string]>([
    ["by default", {}, "isolated"],
    ["disabled server", { server: { enabled: false } }, "server_disabled"],
    [
      "disabled server, isolation off too",
      { server: { enabled: false }, isolation: { enabled: false } },
      "server_disabled",
    ],
    ["isolation off for the server", { isolation: { enabled: false } }, "direct"],
    ["isolation off for all", { global: { enabled: false } }, "direct"],
    [
      "isolation off for all, on for the server",
      { global: { enabled: false }, isolation: { enabled: true } },
      "docker_isolation_off",
    ],
    ["docker itself", { server: docker }, "direct"],
    ["docker itself, isolation off", { server: docker, isolation: { enabled: false } }, "direct"],
    ["docker itself, isolation on", { server: docker, isolation: { enabled: true } }, "server_is_docker_command"],
    ["docker itself with an image", { server: docker, isolation: { image: "docker:cli" } }, "server_is_docker_command"],
    ["unknown program", { server: { command: "mytool" } }, "runtime_unknown"],
    ["unknown program with an image", { server: { command: "mytool" }, isolation: { image: "my:1" } }, "isolated"],
    [
      "unknown program with a default image",
      { server: { command: "mytool" }, global: { default_images: { mytool: "my:1" } } },
      "isolated",
    ],
  ])("%s", (_, input, outcome) => {
    expect(outcomeOf(input)).toBe(outcome);
  });

  it("says that docker is not wrapped and how to say so oneself", () => {
    expect(planOf({ server: docker })).toMatchObject({
      reason: expect.stringContaining("Docker-in-Docker"),
      findings: [
        {
          code: "docker_in_docker",
          remedy: expect.stringContaining('"isolation": { "enabled": false }'),
          fix: { key: "enabled", operation: "set", value: false },
        },
      ],
    });
  });

  it("names the program and the fix when no image is known", () => {
    expect(planOf({ server: { command: "npx -y x", args: [] } })).toMatchObject({
      refusal: {
        message: expect.stringContaining('"npx -y x"'),
        remedy: expect.stringMatching(/"image".*move them to "args"/),
      },
    });
  });
});

describe("plan", () => {
  it("has the defaults", () => {
    const memoryBytes = 512 * 1024 ** 2;
    expect(isolatedPlanOf({})).toEqual({
      server: "a",
      runtime: "npx",
      image: "node:20",
      command: ["npx", "-y", "x"],
      env: [{ name: "npm_config_cache", value: "/var/cache/mcpproxy/user-of-image/npm", isSecret: false }],
      limits: { memoryBytes, memorySwapBytes: memoryBytes, cpus: 1, pids: 256, ulimits: [] },
      network: { mode: "bridge", allowHosts: [], dns: [], extraHosts: [] },
      mounts: [],
      tmpfs: [],
      devices: [],
      cache: { target: "/var/cache/mcpproxy" },
      requiredPrograms: ["npx"],
      engine: { kind: "default" },
      hardening: {
        capDrop: ["ALL"],
        capAdd: [],
        hasNoNewPrivileges: true,
        securityOpt: [],
        hasInit: true,
        hasReadOnlyRoot: false,
      },
      logDriver: { name: "local", options: { "max-size": "10m", "max-file": "3" } },
      pullPolicy: "missing",
      timeouts: { pullMs: 600_000, startMs: 30_000, stopMs: 10_000 },
    });
  });

  it("carries every setting of the server", () => {
    const isolation = {
      memory_swap: "1g",
      cpu_limit: "0.5",
      pids_limit: 64,
      ulimits: { nproc: 64, core: 0 },
      shm_size: "1m",
      network_mode: "allowlist",
      allow_hosts: ["x.example"],
      dns: ["1.1.1.1"],
      extra_hosts: ["db:10.0.0.5"],
      read_only: true,
      tmpfs: ["/run:size=1m"],
      user: "node",
      cap_drop: ["NET_RAW"],
      cap_add: ["CHOWN"],
      security_opt: ["no-new-privileges:false", "label=disable"],
      init: false,
      runtime: "runsc",
      devices: ["/dev/fuse"],
      enable_cache_volume: false,
      platform: "linux/arm64",
      registry: "registry.example",
      pull_policy: "always",
      docker_host: "ssh://engine",
    };
    expect(isolatedPlanOf({ isolation })).toMatchObject({
      image: "registry.example/node:20",
      env: [],
      limits: {
        memoryBytes: 512 * 1024 ** 2,
        memorySwapBytes: 1024 ** 3,
        cpus: 0.5,
        pids: 64,
        shmBytes: 1024 ** 2,
        ulimits: [
          { name: "core", soft: 0, hard: 0 },
          { name: "nproc", soft: 64, hard: 64 },
        ],
      },
      network: { mode: "allowlist", allowHosts: ["x.example"], dns: ["1.1.1.1"], extraHosts: ["db:10.0.0.5"] },
      tmpfs: [{ path: "/run", options: "size=1m" }],
      devices: [{ hostPath: "/dev/fuse", containerPath: "/dev/fuse", permissions: "rwm" }],
      platform: "linux/arm64",
      engine: { kind: "host", host: "ssh://engine" },
      hardening: {
        capDrop: ["NET_RAW"],
        capAdd: ["CHOWN"],
        hasNoNewPrivileges: false,
        securityOpt: ["label=disable"],
        hasInit: false,
        hasReadOnlyRoot: true,
        user: "node",
        ociRuntime: "runsc",
      },
      pullPolicy: "always",
    });
    expect(isolatedPlanOf({ isolation })).not.toHaveProperty("cache");
  });

  it("closes root, network and user with the strict preset, with a home to write to", () => {
    expect(isolatedPlanOf({ isolation: { preset: "strict" } })).toMatchObject({
      network: { mode: "none" },
      hardening: { hasReadOnlyRoot: true, user: "1000:1000", capDrop: ["ALL"], hasNoNewPrivileges: true },
      tmpfs: [
        { path: "/tmp", options: "size=64m,mode=1777" },
        { path: "/home/mcpproxy", options: "size=128m,mode=0700,uid=1000,gid=1000,exec" },
      ],
      env: [
        { name: "npm_config_cache", value: "/var/cache/mcpproxy/user-1000/npm" },
        { name: "npm_config_offline", value: "true" },
        { name: "HOME", value: "/home/mcpproxy" },
      ],
    });
  });

  it("opens of the strict preset what the server's own keys open", () => {
    const isolation = { preset: "strict", network_mode: "bridge", user: "0:0", tmpfs: ["/run"] };
    const plan = isolatedPlanOf({ isolation });
    expect(plan).toMatchObject({ network: { mode: "bridge" }, tmpfs: [{ path: "/run", options: "" }] });
    expect(plan.hardening).toMatchObject({ hasReadOnlyRoot: true, user: "0:0" });
  });

  it("leaves a HOME of the user's own alone", () => {
    const plan = isolatedPlanOf({ server: { env: { HOME: "/data" } }, isolation: { user: "1000" } });
    expect(plan.tmpfs).toEqual([]);
    expect(plan.env.filter(({ name }) => name === "HOME")).toEqual([{ name: "HOME", value: "/data", isSecret: true }]);
  });

  it.each([
    ["/tmp", { tmpfs: [{ path: "/home/mcpproxy", options: expect.any(String) }] }],
    ["/home/mcpproxy/", { tmpfs: [{ path: "/tmp", options: expect.any(String) }] }],
  ])("mounts a volume at %s instead of memory", (containerPath, expected) => {
    expect(isolatedPlanOf({ isolation: { preset: "strict", volumes: [`/h:${containerPath}`] } })).toMatchObject(
      expected,
    );
  });

  it("takes a volume at the cache's place for the cache", () => {
    const plan = isolatedPlanOf({ isolation: { volumes: ["/h:/var/cache/mcpproxy:rw"] } });
    expect(plan).not.toHaveProperty("cache");
  });

  it.each([
    ["npx", true],
    ["uvx", true],
    ["cargo", true],
    ["node", false],
    ["python", false],
    ["java", false],
  ])("gives %s a cache volume: %s", (command, hasCache) => {
    expect(isolatedPlanOf({ server: { command } }).cache !== undefined).toBe(hasCache);
  });

  it.each([
    [{}, { kind: "default" }],
    [{ docker_context: "colima" }, { kind: "context", name: "colima" }],
    [{ docker_host: "tcp://engine:2376" }, { kind: "host", host: "tcp://engine:2376" }],
  ])("with %j runs on %j, also without isolation", (engine, expected) => {
    expect(isolatedPlanOf({ isolation: engine }).engine).toEqual(expected);
    expect(planOf({ isolation: { ...engine, enabled: false } })).toMatchObject({ launch: { engine: expected } });
  });

  it("takes the server's values before the global ones", () => {
    const isolation = {
      memory_limit: "1g",
      network_mode: "none",
      working_dir: "/w",
      volumes: ["/h:/c"],
      image: "my:1",
      stop_timeout: "1s",
    };
    expect(
      isolatedPlanOf({ isolation, global: { memory_limit: "64m", cpu_limit: "0.5", stop_timeout: "5s" } }),
    ).toMatchObject({
      image: "my:1",
      limits: { memoryBytes: 1024 ** 3, memorySwapBytes: 1024 ** 3, cpus: 0.5 },
      network: { mode: "none" },
      workingDir: "/w",
      mounts: [{ source: "/h", target: "/c", isReadOnly: true }],
      timeouts: { stopMs: 1000 },
    });
  });

  it("treats every configured variable as a secret", () => {
    expect(isolatedPlanOf({ server: { env: { TOKEN: "x" } } }).env).toContainEqual({
      name: "TOKEN",
      value: "x",
      isSecret: true,
    });
  });

  it("gives no size options to a log driver that has none", () => {
    expect(isolatedPlanOf({ global: { log_driver: "journald" } }).logDriver).toEqual({ name: "journald", options: {} });
  });
});

describe("CA certificates", () => {
  const target = "/etc/mcpproxy/ca-certificates.crt";
  const replacing = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"];
  const withBundle = (isComplete: boolean): HostFacts => ({ ...bareHost, caBundle: { path: "/ca.pem", isComplete } });
  const names = (input: PlanCase) => isolatedPlanOf(input).env.map(({ name }) => name);

  it("mounts the host's bundle read-only and points Node at it", () => {
    const plan = isolatedPlanOf({ host: withBundle(false) });
    expect(plan.mounts).toEqual([{ source: "/ca.pem", target, isReadOnly: true }]);
    expect(plan.env.filter(({ value }) => value === target)).toEqual([
      { name: "NODE_EXTRA_CA_CERTS", value: target, isSecret: false },
    ]);
  });

  it("points the others at it only when it is complete", () => {
    expect(names({ host: withBundle(true) })).toEqual(expect.arrayContaining(["NODE_EXTRA_CA_CERTS", ...replacing]));
    expect(names({ host: withBundle(false) })).not.toEqual(expect.arrayContaining(["PIP_CERT"]));
  });

  it("leaves the user's own variable alone", () => {
    const plan = isolatedPlanOf({ host: withBundle(true), server: { env: { PIP_CERT: "/mine" } } });
    expect(plan.env.filter(({ name }) => name === "PIP_CERT")).toEqual([
      { name: "PIP_CERT", value: "/mine", isSecret: true },
    ]);
  });

  it("mounts nothing for none, and the given file for a path", () => {
    expect(isolatedPlanOf({ host: withBundle(true), global: { ca_certificates: "none" } }).mounts).toEqual([]);
    expect(isolatedPlanOf({ global: { ca_certificates: "/my.pem" } }).mounts).toEqual([
      { source: "/my.pem", target, isReadOnly: true },
    ]);
  });
});
