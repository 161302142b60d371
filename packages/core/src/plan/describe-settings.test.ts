import { expect, it } from "vitest";
import { describeSettings } from "./describe-settings.ts";
import { settingNames } from "./effective-settings.ts";
import { configOf, type PlanCase } from "./plan-case.test-data.ts";

function descriptionOf(key: string, input: PlanCase) {
  return describeSettings(configOf(input)).find((setting) => setting.key === key);
}

it.each<[string, unknown, string]>([
  ["preset", "strict", "strict"],
  ["memory_limit", "1536m", "1536m"],
  ["memory_swap", "1g", "1g"],
  ["cpu_limit", "0.5", "0.5"],
  ["pids_limit", 64, "64"],
  ["ulimits", { nofile: "1:2", core: 0 }, "nofile=1:2, core=0:0"],
  ["shm_size", "1m", "1m"],
  ["start", "lazy", "lazy"],
  ["idle_timeout", "10m", "10m"],
  ["idle_timeout", "off", "off"],
  ["scope", "session", "session"],
  ["max_sessions", 4, "4"],
  ["network_mode", "none", "none"],
  ["allow_hosts", ["a.example", "*.b.example"], "a.example, *.b.example"],
  ["dns", ["1.1.1.1"], "1.1.1.1"],
  ["extra_hosts", ["a:10.0.0.1"], "a:10.0.0.1"],
  ["read_only", true, "true"],
  ["tmpfs", ["/a", "/b:size=1m"], "/a, /b:size=1m"],
  ["user", "1000", "1000"],
  ["cap_drop", [], "none"],
  ["cap_add", ["CHOWN"], "CHOWN"],
  ["security_opt", ["label=disable"], "label=disable"],
  ["init", false, "false"],
  ["runtime", "runsc", "runsc"],
  ["devices", ["/dev/a:/dev/b:r"], "/dev/a:/dev/b:r"],
  ["enable_cache_volume", false, "false"],
  ["ca_certificates", "/ca.pem", "/ca.pem"],
  ["ca_certificates", "none", "none"],
  ["pull_policy", "never", "never"],
  ["registry", "r.example", "r.example"],
  ["platform", "linux/amd64", "linux/amd64"],
  ["timeout", "90s", "1m 30s"],
  ["pull_timeout", "5m", "5m"],
  ["stop_timeout", "500ms", "500 ms"],
  ["keep_exited", 0, "0"],
  ["log_driver", "journald", "journald"],
  ["log_max_size", "5m", "5m"],
  ["log_max_files", 9, "9"],
  ["allow_dangerous_mounts", true, "true"],
  ["docker_context", "colima", "colima"],
  ["docker_host", "ssh://engine", "ssh://engine"],
])("shows %s %j as %j where it is set and where it holds", (key, written, shown) => {
  expect(descriptionOf(key, { isolation: { [key]: written } })).toEqual({
    key,
    server: shown,
    global: null,
    effective: shown,
    source: "server",
  });
  expect(descriptionOf(key, { global: { [key]: written } })).toMatchObject({
    server: null,
    global: shown,
    effective: shown,
    source: "docker_isolation",
  });
});

it("tells defaults, presets and ceilings from what is configured", () => {
  const input = { global: { max_memory_limit: "256m", memory_limit: "1g" }, isolation: { preset: "strict" } };
  expect(descriptionOf("memory_limit", input)).toEqual({
    key: "memory_limit",
    server: null,
    global: "1g",
    effective: "256m",
    source: "ceiling",
  });
  expect(descriptionOf("read_only", input)).toMatchObject({ server: null, effective: "true", source: "server preset" });
  expect(descriptionOf("pids_limit", input)).toMatchObject({ effective: "256", source: "default" });
});

it("shows the swap that follows from the memory, and null where the engine decides", () => {
  expect(descriptionOf("memory_swap", { isolation: { memory_limit: "1g" } })).toMatchObject({ effective: "1g" });
  expect(descriptionOf("shm_size", {})).toMatchObject({ effective: null, source: "default" });
});

it("shows of restart what is written on each level, and all that holds", () => {
  const input = { global: { restart: { max_attempts: 3 } }, isolation: { restart: { policy: "always" } } };
  expect(descriptionOf("restart", input)).toEqual({
    key: "restart",
    server: "policy=always",
    global: "max_attempts=3",
    effective: "policy=always, max_attempts=3, backoff_initial=1 s, backoff_max=5m, stable_after=1m",
    source: "server",
  });
});

it("shows of health_check what is written, and all that holds", () => {
  expect(descriptionOf("health_check", { isolation: { health_check: { interval: "off" } } })).toEqual({
    key: "health_check",
    server: "interval=off",
    global: null,
    effective: "interval=off, timeout=10 s, failures=3",
    source: "server",
  });
});

it("describes every setting once", () => {
  const keys = describeSettings(configOf({})).map(({ key }) => key);
  expect(new Set(keys).size).toBe(settingNames.length);
});
