import { describe, expect, it } from "vitest";
import { findingsOf, type PlanCase } from "./plan-case.test-data.ts";

const node = { server: { command: "node", args: ["x.js"] } };

describe("an isolated server is told", () => {
  it.each<[string, PlanCase, string, string, RegExp]>([
    ["host network", { isolation: { network_mode: "host" } }, "host_network", "danger", /localhost/],
    ["host network for all", { global: { network_mode: "host" } }, "host_network", "danger", /localhost/],
    ["allowlist without hosts", { isolation: { network_mode: "allowlist" } }, "allow_hosts_empty", "warning", /empty/],
    [
      "hosts without allowlist",
      { isolation: { allow_hosts: ["x.example"] } },
      "allow_hosts_unused",
      "warning",
      /no effect/,
    ],
    ["npx without network", { isolation: { network_mode: "none" } }, "network_needed", "warning", /^npx downloads/],
    ["npx under strict", { isolation: { preset: "strict" } }, "network_needed", "warning", /^npx downloads/],
    ["a strong capability", { isolation: { cap_add: ["sys_admin"] } }, "dangerous_setting", "danger", /sys_admin/],
    [
      "a strong capability by its long name",
      { isolation: { cap_add: ["CAP_ALL"] } },
      "dangerous_setting",
      "danger",
      /ALL/,
    ],
    ["no seccomp", { isolation: { security_opt: ["seccomp=unconfined"] } }, "dangerous_setting", "danger", /seccomp/],
    [
      "new privileges",
      { isolation: { security_opt: ["no-new-privileges:false"] } },
      "dangerous_setting",
      "danger",
      /false/,
    ],
    ["a device", { isolation: { devices: ["/dev/kvm"] } }, "dangerous_setting", "danger", /\/dev\/kvm/],
    ["kept capabilities", { isolation: { cap_drop: ["NET_RAW"] } }, "dangerous_setting", "warning", /NET_RAW/],
    ["no dropped capabilities", { isolation: { cap_drop: [] } }, "dangerous_setting", "warning", /empty/],
    ["swap below memory", { isolation: { memory_swap: "64m" } }, "swap_below_memory", "warning", /64 MiB.*512 MiB/],
    [
      "a ceiling on memory",
      { global: { max_memory_limit: "256m" } },
      "over_ceiling",
      "warning",
      /memory_limit is 512 MiB, but max_memory_limit allows 256 MiB/,
    ],
    [
      "a ceiling on processors",
      { global: { max_cpu_limit: "0.5" } },
      "over_ceiling",
      "warning",
      /cpu_limit is 1, .* 0\.5/,
    ],
    ["a ceiling on processes", { global: { max_pids_limit: 9 } }, "over_ceiling", "warning", /pids_limit is 256, .* 9/],
    [
      "a ceiling on swap",
      { global: { max_memory_limit: "1g" }, isolation: { memory_swap: "2g" } },
      "over_ceiling",
      "warning",
      /memory_swap is 2 GiB/,
    ],
    ["a ceiling on shared memory", { global: { max_shm_size: "1m" } }, "over_ceiling", "warning", /shm_size is 64 MiB/],
  ])("%s", (...[, input, code, severity, message]) => {
    const findings = findingsOf(input);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code, severity, message: expect.stringMatching(message) });
    expect(findings[0]?.remedy).toMatch(/\.$/);
  });
});

it.each<[string, PlanCase]>([
  ["the defaults", {}],
  ["a program that downloads nothing, without network", { ...node, isolation: { network_mode: "none" } }],
  ["strict for such a program", { ...node, isolation: { preset: "strict" } }],
  ["an allowlist with hosts", { isolation: { network_mode: "allowlist", allow_hosts: ["x.example"] } }],
  ["a named network", { isolation: { network_mode: "my_net" } }],
  ["a weak capability", { isolation: { cap_add: ["CHOWN", "NET_BIND_SERVICE"] } }],
  ["a security profile", { isolation: { security_opt: ["apparmor=mine", "no-new-privileges"] } }],
  ["swap above memory", { isolation: { memory_swap: "1g" } }],
  ["limits at the ceiling", { global: { max_memory_limit: "512m", max_cpu_limit: "1", max_pids_limit: 256 } }],
])("says nothing of %s", (_, input) => {
  expect(findingsOf(input)).toEqual([]);
});

it("says in red that a server without isolation has all rights, and how to close that", () => {
  expect(findingsOf({ isolation: { enabled: false } })).toMatchObject([
    { code: "no_isolation", severity: "danger", fix: { key: "enabled", operation: "set", value: true } },
  ]);
});

it.each([
  [{ cap_add: ["NET_RAW"] }, "NET_RAW"],
  [{ cap_add: ["cap_net_admin"] }, "NET_ADMIN"],
  [{ cap_drop: ["CHOWN"] }, "NET_RAW"],
])("says in red that with %j an allow-list is not safe from others", (capabilities, name) => {
  const isolation = { network_mode: "allowlist", allow_hosts: ["example.com"], ...capabilities };
  const messages = findingsOf({ isolation }).map(({ message }) => message);
  expect(messages).toContainEqual(expect.stringContaining(`With ${name} the server can pose as another one`));
});
