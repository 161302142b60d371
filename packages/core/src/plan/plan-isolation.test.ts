import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { describe, expect, it } from "vitest";
import type { HostFacts } from "./isolation-plan.ts";
import { planIsolation } from "./plan-isolation.ts";

const bareHost: HostFacts = { platform: "linux" };

interface Case {
  readonly server?: Readonly<Record<string, unknown>>;
  readonly isolation?: Readonly<Record<string, unknown>>;
  readonly global?: Readonly<Record<string, unknown>>;
  readonly host?: HostFacts;
}

function planOf({ server = {}, isolation, global = {}, host = bareHost }: Case) {
  const entry = {
    name: "a",
    command: "npx",
    args: ["-y", "x"],
    ...server,
    ...(isolation === undefined ? {} : { isolation }),
  };
  const { settings, servers } = parseConfig(
    JSON.stringify({ docker_isolation: global, mcpServers: [entry] }),
    "test.json",
  );
  const [parsed] = servers;
  if (settings === undefined || parsed === undefined || !parsed.ok)
    throw new Error(`The test's own config is wrong: ${JSON.stringify(parsed)}`);
  return planIsolation({ server: parsed.server, settings, host });
}

function isolatedPlanOf(input: Case) {
  const result = planOf(input);
  if (result.kind !== "isolated") throw new Error(`Not isolated: ${JSON.stringify(result)}`);
  return result.plan;
}

describe("outcome", () => {
  const docker = { command: "docker", args: ["run", "-i", "x"] };
  it.each<[string, Case, string]>([
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
    const result = planOf(input);
    expect(result.kind === "refused" ? result.refusal.code : result.kind).toBe(outcome);
  });

  it("says that docker is not wrapped and how to say so oneself", () => {
    expect(planOf({ server: docker })).toMatchObject({
      reason: expect.stringContaining("Docker-in-Docker"),
      warnings: [expect.stringContaining('"isolation": { "enabled": false }')],
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
      env: [],
      limits: { memoryBytes, memorySwapBytes: memoryBytes, cpus: 1, pids: 256 },
      network: "bridge",
      mounts: [],
      hardening: { capDrop: ["ALL"], capAdd: [], hasNoNewPrivileges: true, hasInit: true, hasReadOnlyRoot: false },
      logDriver: { name: "local", options: { "max-size": "10m", "max-file": "3" } },
      pullPolicy: "missing",
      timeouts: { pullMs: 600_000, startMs: 30_000, stopMs: 10_000 },
    });
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
      network: "none",
      workingDir: "/w",
      mounts: [{ source: "/h", target: "/c", isReadOnly: true }],
      timeouts: { stopMs: 1000 },
    });
  });

  it("treats every configured variable as a secret", () => {
    expect(isolatedPlanOf({ server: { env: { TOKEN: "x" } } }).env).toEqual([
      { name: "TOKEN", value: "x", isSecret: true },
    ]);
  });

  it("gives no size options to a log driver that has none", () => {
    expect(isolatedPlanOf({ global: { log_driver: "journald" } }).logDriver).toEqual({ name: "journald", options: {} });
  });
});

describe("image", () => {
  it.each<[string, Case, string]>([
    ["uvx", {}, "python:3.11"],
    ["python3.12", {}, "python:3.12"],
    ["python3", {}, "python:3.11"],
    ["node22", {}, "node:22"],
    ["npx", { global: { default_images: { npx: "node:24-slim" } } }, "node:24-slim"],
    ["npm", { global: { default_images: { npx: "node:24-slim" } } }, "node:20"],
    ["python3.12", { global: { default_images: { python: "python:3.11-slim" } } }, "python:3.12-slim"],
    ["python3.12", { isolation: { image: "python:3.10" } }, "python:3.10"],
  ])("%s %j → %s", (command, input, image) => {
    expect(isolatedPlanOf({ ...input, server: { command } }).image).toBe(image);
  });
});

describe("command", () => {
  it.each([
    [
      ["/opt/bin/npx", "x"],
      ["npx", "x"],
    ],
    [
      ["C:\\nodejs\\npx.cmd", "x"],
      ["npx", "x"],
    ],
    [
      ["cmd", "/c", "npx", "x"],
      ["npx", "x"],
    ],
    [
      ["/bin/sh", "-c", "npx x"],
      ["/bin/sh", "-c", "npx x"],
    ],
    [
      ["env", "A=b", "npx", "x"],
      ["env", "A=b", "npx", "x"],
    ],
    [
      ["npx", "", "a b", "'\"$"],
      ["npx", "", "a b", "'\"$"],
    ],
  ])("%j runs as %j in a default image", ([command, ...args], expected) => {
    expect(isolatedPlanOf({ server: { command, args } }).command).toEqual(expected);
  });

  it("stays as it is in an image of the user's own", () => {
    const server = { command: "/opt/bin/npx", args: ["x"] };
    expect(isolatedPlanOf({ server, isolation: { image: "my:1" } }).command).toEqual(["/opt/bin/npx", "x"]);
  });
});

describe("CA certificates", () => {
  const target = "/etc/mcpproxy/ca-certificates.crt";
  const replacing = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"];
  const withBundle = (isComplete: boolean): HostFacts => ({ ...bareHost, caBundle: { path: "/ca.pem", isComplete } });
  const names = (input: Case) => isolatedPlanOf(input).env.map(({ name }) => name);

  it("mounts the host's bundle read-only and points Node at it", () => {
    const plan = isolatedPlanOf({ host: withBundle(false) });
    expect(plan.mounts).toEqual([{ source: "/ca.pem", target, isReadOnly: true }]);
    expect(plan.env).toEqual([{ name: "NODE_EXTRA_CA_CERTS", value: target, isSecret: false }]);
  });

  it("points the others at it only when it is complete", () => {
    expect(names({ host: withBundle(true) })).toEqual(["NODE_EXTRA_CA_CERTS", ...replacing]);
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
