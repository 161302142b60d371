import { describe, expect, it } from "vitest";
import { effectiveSettings, settingNames } from "./effective-settings.ts";
import { configOf, type PlanCase } from "./plan-case.test-data.ts";

const m = 1024 ** 2;

function settingsOf(input: PlanCase) {
  return effectiveSettings(configOf(input));
}

describe("the level nearest to the server wins", () => {
  it.each<[string, PlanCase, unknown, string]>([
    ["nobody says anything", {}, "bridge", "default"],
    ["the global preset", { global: { preset: "strict" } }, "none", "global preset"],
    ["docker_isolation", { global: { preset: "strict", network_mode: "host" } }, "host", "docker_isolation"],
    [
      "the server's preset",
      { global: { network_mode: "host" }, isolation: { preset: "strict" } },
      "none",
      "server preset",
    ],
    [
      "the server",
      { global: { network_mode: "host" }, isolation: { preset: "strict", network_mode: "my_net" } },
      "my_net",
      "server",
    ],
    [
      "the server's standard preset",
      { global: { preset: "strict" }, isolation: { preset: "standard" } },
      "bridge",
      "default",
    ],
  ])("%s", (...[, input, networkMode, source]) => {
    const { values, sources } = settingsOf(input);
    expect([values.networkMode, sources.networkMode]).toEqual([networkMode, source]);
  });

  it.each([
    ["memory_limit", "64m", "1g", "memoryLimitBytes", 1024 * m],
    ["memory_swap", "64m", "1g", "memorySwapBytes", 1024 * m],
    ["cpu_limit", "1", "2", "cpus", 2],
    ["pids_limit", 1, 2, "pidsLimit", 2],
    ["shm_size", "1m", "2m", "shmBytes", 2 * m],
    ["timeout", "1s", "2s", "startTimeoutMs", 2000],
    ["pull_timeout", "1s", "2s", "pullTimeoutMs", 2000],
    ["stop_timeout", "1s", "2s", "stopTimeoutMs", 2000],
    ["start", "eager", "lazy", "start", "lazy"],
    ["idle_timeout", "1m", "off", "idleTimeoutMs", null],
    ["scope", "session", "shared", "scope", "shared"],
    ["max_sessions", 1, 2, "maxSessions", 2],
    ["network_mode", "bridge", "none", "networkMode", "none"],
    ["allow_hosts", ["a.example", "b.example"], ["c.example"], "allowHosts", ["c.example"]],
    ["dns", ["1.1.1.1"], ["8.8.8.8"], "dns", ["8.8.8.8"]],
    ["extra_hosts", ["a:10.0.0.1"], ["b:10.0.0.2"], "extraHosts", ["b:10.0.0.2"]],
    ["read_only", true, false, "isReadOnlyRoot", false],
    ["tmpfs", ["/a"], ["/b"], "tmpfs", [{ path: "/b", options: "" }]],
    ["user", "1", "2", "user", "2"],
    ["cap_drop", ["ALL"], [], "capDrop", []],
    ["cap_add", ["CHOWN"], ["FOWNER"], "capAdd", ["FOWNER"]],
    ["security_opt", ["label=disable"], [], "securityOpt", []],
    ["init", true, false, "hasInit", false],
    ["runtime", "a", "b", "ociRuntime", "b"],
    ["devices", ["/dev/a"], [], "devices", []],
    ["pull_policy", "always", "never", "pullPolicy", "never"],
    ["registry", "a", "b", "registry", "b"],
    ["platform", "linux/a", "linux/b", "platform", "linux/b"],
    ["ca_certificates", "auto", "none", "caCertificates", { kind: "none" }],
    ["enable_cache_volume", true, false, "hasCacheVolume", false],
    ["keep_exited", 1, 2, "keepExited", 2],
    ["log_driver", "local", "json-file", "logDriver", "json-file"],
    ["log_max_size", "1m", "2m", "logMaxSize", "2m"],
    ["log_max_files", 1, 2, "logMaxFiles", 2],
    ["allow_dangerous_mounts", true, false, "allowsDangerousMounts", false],
    ["docker_context", "a", "b", "dockerContext", "b"],
    ["docker_host", "ssh://a", "ssh://b", "dockerHost", "ssh://b"],
  ] as const)("%s: %j for all, %j for the server", (...[key, global, server, name, value]) => {
    const both = settingsOf({ global: { [key]: global }, isolation: { [key]: server } });
    expect([both.values[name], both.sources[name]]).toEqual([value, "server"]);
    const other = settingsOf({ global: { [key]: server } });
    expect([other.values[name], other.sources[name]]).toEqual([value, "docker_isolation"]);
  });

  it("merges maps, the server's entries over the global ones", () => {
    const input = { global: { ulimits: { nofile: 1, core: 0 } }, isolation: { ulimits: { nofile: 2 } } };
    expect(settingsOf(input).values.ulimits).toEqual({ nofile: { soft: 2, hard: 2 }, core: { soft: 0, hard: 0 } });
  });

  it("merges restart key by key, over the defaults", () => {
    const input = {
      global: { restart: { max_attempts: 3, policy: "never" } },
      isolation: { restart: { policy: "always", backoff_initial: "10m" } },
    };
    expect(settingsOf(input).values.restart).toEqual({
      policy: "always",
      maxAttempts: 3,
      backoffInitialMs: 600_000,
      backoffMaxMs: 600_000,
      stableAfterMs: 60_000,
    });
  });

  it("merges health_check key by key, and a server's off wins over a global interval", () => {
    const global = { health_check: { interval: "30s", failures: 5 } };
    expect(settingsOf({ global }).values.healthCheck).toEqual({ intervalMs: 30_000, timeoutMs: 10_000, failures: 5 });
    const isolation = { health_check: { interval: "off", timeout: "2s" } };
    expect(settingsOf({ global, isolation }).values.healthCheck).toEqual({
      intervalMs: null,
      timeoutMs: 2_000,
      failures: 5,
    });
  });

  it("counts extra_args to the level that they stand in", () => {
    const input = { global: { extra_args: ["--memory=1g", "--pids-limit=9"] }, isolation: { memory_limit: "64m" } };
    const { values, sources } = settingsOf(input);
    expect(values).toMatchObject({ memoryLimitBytes: 64 * m, pidsLimit: 9 });
    expect(sources).toMatchObject({ memoryLimitBytes: "server", pidsLimit: "docker_isolation" });
  });
});

describe("the engine of the server", () => {
  it.each<[PlanCase, { dockerHost?: string; dockerContext?: string }]>([
    [{ global: { docker_context: "a" } }, { dockerContext: "a" }],
    [{ global: { docker_context: "a" }, isolation: { docker_host: "ssh://b" } }, { dockerHost: "ssh://b" }],
    [{ global: { docker_host: "ssh://a" }, isolation: { docker_context: "b" } }, { dockerContext: "b" }],
  ])("of %j is %j, never both", (input, { dockerHost, dockerContext }) => {
    const { values } = settingsOf(input);
    expect([values.dockerHost, values.dockerContext]).toEqual([dockerHost, dockerContext]);
  });
});

describe("ceilings", () => {
  it.each<[PlanCase, Readonly<Record<string, unknown>>, readonly string[]]>([
    [{ global: { max_memory_limit: "256m" } }, { memoryLimitBytes: 256 * m }, ["memoryLimitBytes"]],
    [{ global: { max_memory_limit: "256m" }, isolation: { memory_limit: "256m" } }, { memoryLimitBytes: 256 * m }, []],
    [
      { global: { max_memory_limit: "1g" }, isolation: { memory_swap: "64g" } },
      { memoryLimitBytes: 512 * m, memorySwapBytes: 1024 * m },
      ["memorySwapBytes"],
    ],
    [{ global: { max_cpu_limit: "0.5" }, isolation: { cpu_limit: "8" } }, { cpus: 0.5 }, ["cpus"]],
    [
      { global: { max_pids_limit: 10 }, isolation: { extra_args: ["--pids-limit=99"] } },
      { pidsLimit: 10 },
      ["pidsLimit"],
    ],
    [{ global: { max_shm_size: "1g" }, isolation: { shm_size: "2g" } }, { shmBytes: 1024 * m }, ["shmBytes"]],
    [{ global: { max_shm_size: "32m" } }, { shmBytes: 32 * m }, ["shmBytes"]],
    [{ global: { max_shm_size: "64m" } }, { shmBytes: undefined }, []],
  ])("%j gives %j and tells of %j", (input, expected, names) => {
    const { values, ceiled, sources } = settingsOf(input);
    expect(values).toMatchObject(expected);
    expect(ceiled.map(({ name }) => name)).toEqual(names);
    for (const { name, wanted, ceiling } of ceiled) {
      expect(wanted).toBeGreaterThan(ceiling);
      expect(sources[name]).toBe("ceiling");
    }
  });
});

it("has a source for every setting", () => {
  const { sources } = settingsOf({});
  expect(Object.keys(sources).toSorted()).toEqual([...settingNames].toSorted());
});
