import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { instanceLabel, managedLabel } from "@mcpproxy/core/docker/labels";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { EgressDenial } from "../../egress/denial.ts";
import { startEgressProxy, type EgressProxy } from "../../egress/egress-proxy.ts";
import { egressVariables } from "../../egress/egress-variables.ts";
import { readOwnAddresses } from "../../egress/own-addresses.ts";
import { until } from "../../testing/until.ts";
import { ensureTestImage, removeTestContainers, testEnvironment, testImage } from "../testing/docker-fixture.ts";
import { createDockerConnector } from "./docker-connector.ts";
import { createDockerEngine } from "./docker-engine.ts";
import { readExposedPorts } from "./egress-network-exposure.ts";
import { guardHostPorts, unguardHostPorts } from "./egress-network-guard.ts";
import { egressAddressOf, ensureEgressNetwork, removeEgressNetwork } from "./egress-network.ts";
import type { EgressNetwork } from "../egress.ts";

const run = promisify(execFile);
const docker = async (...args: readonly string[]): Promise<string> => (await run("docker", [...args])).stdout.trim();
const instanceId = `test-${randomUUID()}`;
const otherInstanceId = `test-${randomUUID()}`;
const connector = createDockerConnector(testEnvironment);
const caBundle = "/etc/ssl/certs/ca-certificates.crt";
const host = "registry.npmjs.org";
const isRoot = process.getuid?.() === 0;

let network: EgressNetwork;
let otherNetwork: EgressNetwork;
let proxy: EgressProxy;

beforeAll(async () => {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId });
  await ensureTestImage(engine);
  await engine.close();
  network = await ensureEgressNetwork(connector, { instanceId });
  otherNetwork = await ensureEgressNetwork(connector, { instanceId: otherInstanceId });
  proxy = await startEgressProxy({ listenAddress: network.gatewayAddress });
});

afterAll(async () => {
  await proxy.close();
  for (const owner of [instanceId, otherInstanceId]) {
    await removeTestContainers(owner);
    await removeEgressNetwork(connector, { instanceId: owner });
  }
});

interface Program {
  readonly script: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly allowHosts?: readonly string[];
}

interface Ran {
  readonly output: string;
  readonly denials: readonly EgressDenial[];
}

/** Creates a container as the launch would: on the network, with its DNS, without rights. */
function createContainer({ script, variables = {} }: Program): Promise<string> {
  const labels = ["--label", `${managedLabel}=true`, "--label", `${instanceLabel}=${instanceId}`];
  const dns = [...network.dns.flatMap((server) => ["--dns", server]), ...network.dnsOptions.flatMap(asDnsOption)];
  const trust = ["--volume", `${caBundle}:${caBundle}:ro`, "--env", `NODE_EXTRA_CA_CERTS=${caBundle}`];
  const env = Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const hardening = ["--cap-drop", "ALL", "--network", network.name];
  return docker("create", ...labels, ...dns, ...trust, ...env, ...hardening, testImage, "node", "-e", script);
}

const asDnsOption = (option: string): string[] => ["--dns-option", option];

const addressOf = (containerId: string): Promise<string> =>
  until("the container has an address", () => egressAddressOf(connector, { instanceId, containerId }));

/** Starts the container, admits it as soon as its address is known, and waits for its output. */
async function runAdmitted(program: Program): Promise<Ran> {
  const denials: EgressDenial[] = [];
  const containerId = await createContainer(program);
  const ended = docker("start", "--attach", containerId);
  const release = proxy.admit({
    address: await addressOf(containerId),
    server: "demo",
    runId: "run-1",
    allowHosts: program.allowHosts ?? [],
    onDenied: (denial) => denials.push(denial),
  });
  const output = await ended;
  release();
  return { output, denials };
}

async function runAlone(script: string): Promise<string> {
  return docker("start", "--attach", await createContainer({ script }));
}

/** A script that asks the proxy for a tunnel and sends one HTTPS request through it; works in any version of Node. */
const askThrough = (proxyUrl: string, target: string): string => `
  const { port, hostname } = new URL(${JSON.stringify(proxyUrl)});
  const asked = require("http").request({ hostname, port, method: "CONNECT", path: "${target}:443" });
  asked.on("error", (error) => console.log(error.code));
  asked.on("connect", (response, socket, head) => {
    if (head.length > 0) socket.unshift(head);
    if (response.statusCode !== 200) {
      console.log(response.statusCode);
      socket.on("end", () => asked.destroy()).pipe(process.stdout);
      return;
    }
    const agent = new (require("https").Agent)();
    agent.createConnection = () => require("tls").connect({ socket, servername: "${target}" });
    require("https").get({ host: "${target}", path: "/-/ping", agent }, (answer) => {
      console.log("answered", answer.statusCode);
      process.exit();
    });
  });
  asked.end();`;

/** A script that says how a TCP connection ends: "open", the error's code, or "silence". */
const tryConnect = (address: string, port: number): string => `
  const socket = require("net").connect({ host: "${address}", port: ${port}, timeout: 2500 });
  const say = (words) => { console.log(words); process.exit(); };
  socket.on("connect", () => say("open")).on("error", (error) => say(error.code)).on("timeout", () => say("silence"));`;

describe("egress network", () => {
  it("is one internal network per instance, however many ask for it at once", async () => {
    const asked = await Promise.all([1, 2, 3].map(() => ensureEgressNetwork(connector, { instanceId })));
    expect(asked).toEqual([network, network, network]);
    expect(otherNetwork.name).not.toBe(network.name);
    expect(otherNetwork.gatewayAddress).not.toBe(network.gatewayAddress);
    const own = await docker("network", "ls", "--quiet", "--filter", `label=${instanceLabel}=${instanceId}`);
    expect(own.split("\n")).toHaveLength(1);
    expect(await readOwnAddresses()).toContain(network.gatewayAddress);
  });

  it("is created once also when the first callers race", async () => {
    const racer = `test-${randomUUID()}`;
    onTestFinished(() => void removeEgressNetwork(connector, { instanceId: racer }));
    const asked = await Promise.all([1, 2, 3].map(() => ensureEgressNetwork(connector, { instanceId: racer })));
    expect(new Set(asked.map((found) => found.gatewayAddress)).size).toBe(1);
    const own = await docker("network", "ls", "--quiet", "--filter", `label=${instanceLabel}=${racer}`);
    expect(own.split("\n")).toHaveLength(1);
    expect(await removeEgressNetwork(connector, { instanceId: racer })).toBe("removed");
    expect(await removeEgressNetwork(connector, { instanceId: racer })).toBe("absent");
  });

  it("lets a container reach a listed host through the proxy", async () => {
    const { output, denials } = await runAdmitted({ script: askThrough(proxy.url, host), allowHosts: [host] });
    expect(output).toBe("answered 200");
    expect(denials).toEqual([]);
  });

  it("refuses another host, with the reason, and reports it once", async () => {
    const script = askThrough(proxy.url, "example.org");
    const { output, denials } = await runAdmitted({ script: `${script}\n{${script}}`, allowHosts: [host] });
    expect(output).toContain("403\nexample.org:443 is not in allow_hosts");
    expect(denials).toMatchObject([{ host: "example.org", port: 443, reason: "not_listed" }]);
  });

  it("is used by npm itself, with nothing but the variables", async () => {
    const npm = `const { execFileSync } = require("child_process");
      console.log(execFileSync("npm", ["ping"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }) || "ponged");`;
    const variables = egressVariables(proxy.url);
    expect((await runAdmitted({ script: npm, variables, allowHosts: [host] })).output).not.toBe("");
    const refused = npm.replace("console.log(", "try { console.log(").replace(/;$/, "; } catch { console.log('no') }");
    const { output, denials } = await runAdmitted({ script: refused, variables, allowHosts: ["example.org"] });
    expect(output).toBe("no");
    expect(denials).toMatchObject([{ host, reason: "not_listed" }]);
  });

  it("refuses a container that nobody admitted", async () => {
    expect(await runAlone(askThrough(proxy.url, host))).toContain("403\nThis address belongs to no running server");
  });

  it("has no way out besides the proxy", async () => {
    const { address } = await lookup(host, 4);
    expect(await runAlone(tryConnect(address, 443))).not.toBe("open");
  });

  it("resolves no outside name, by any server, and fails quickly", async () => {
    const script = `
      const dns = require("dns");
      const startedAt = performance.now();
      dns.lookup("${host}", (error, address) => {
        console.log(error ? error.code : address, performance.now() - startedAt < 5000);
        const direct = new dns.Resolver({ timeout: 1000, tries: 1 });
        direct.setServers(["127.0.0.11"]);
        direct.resolveTxt("data.example.org", (problem) => console.log(problem ? "refused" : "answered"));
      });`;
    expect(await runAlone(script)).toBe("EAI_AGAIN true\nrefused");
    const plain = `console.log(require("fs").readFileSync("/etc/resolv.conf", "utf8"))`;
    expect(await runAlone(plain)).toMatch(/^nameserver 127\.0\.0\.11\noptions timeout:1 attempts:1/);
  });

  it("has no IPv6, which nobody filters", async () => {
    const script = `console.log(Object.values(require("os").networkInterfaces()).flat().map((entry) => entry.family).join())`;
    expect(await runAlone(script)).toBe("IPv4,IPv4");
  });

  it("does not connect containers with each other", async () => {
    const listening = `require("http").createServer((_, response) => response.end()).listen(8000)`;
    const other = await createContainer({ script: listening });
    await docker("start", other);
    const address = await addressOf(other);
    expect(await runAlone(tryConnect(address, 8000))).not.toBe("open");
    expect(await removeEgressNetwork(connector, { instanceId })).toBe("in_use");
    await docker("rm", "--force", other);
  });

  it("keeps the networks of two instances apart", async () => {
    const otherProxy = await startEgressProxy({ listenAddress: otherNetwork.gatewayAddress });
    onTestFinished(() => otherProxy.close());
    expect(await runAlone(askThrough(otherProxy.url, host))).not.toContain("answered");
    expect(await removeEgressNetwork(connector, { instanceId: otherInstanceId })).toBe("removed");
    const { output } = await runAdmitted({ script: askThrough(proxy.url, host), allowHosts: [host] });
    expect(output).toBe("answered 200");
  });

  it("says which network stands in the way instead of using one that does not isolate", async () => {
    const victim = `test-${randomUUID()}`;
    const name = `mcpproxy-egress-${victim}`;
    await docker("network", "create", "--label", `${managedLabel}=true`, "--label", `${instanceLabel}=${victim}`, name);
    onTestFinished(() => void removeEgressNetwork(connector, { instanceId: victim }));
    await expect(ensureEgressNetwork(connector, { instanceId: victim })).rejects.toThrow(`docker network rm ${name}`);
    expect(await removeEgressNetwork(connector, { instanceId: victim })).toBe("removed");
  });
});

describe("services of the host", () => {
  async function startService(): Promise<number> {
    const server = createServer((socket) => socket.end()).listen(0, "0.0.0.0");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  it("are found when they listen on more than loopback", async () => {
    const port = await startService();
    expect(await readExposedPorts(proxy.port)).toContainEqual({ protocol: "tcp", port });
    expect(await readExposedPorts(port)).not.toContainEqual({ protocol: "tcp", port });
  });

  it.runIf(isRoot)("are reachable without the guard, and closed with it, at any address of the host", async () => {
    const port = await startService();
    expect(await runAlone(tryConnect(network.gatewayAddress, port))).toBe("open");
    onTestFinished(() => unguardHostPorts(network));
    expect(await guardHostPorts(network, 1)).toEqual({ state: "closed" });
    expect(await guardHostPorts(network, proxy.port)).toEqual({ state: "closed" });
    expect(await runAlone(tryConnect(network.gatewayAddress, port))).toBe("ECONNREFUSED");
    expect(await runAlone(tryConnect(otherNetwork.gatewayAddress, port))).not.toBe("open");
    const { output } = await runAdmitted({ script: askThrough(proxy.url, host), allowHosts: [host] });
    expect(output).toBe("answered 200");
  });

  it.runIf(isRoot)("leave no rule behind when the guard goes", async () => {
    await guardHostPorts(network, proxy.port);
    await unguardHostPorts(network);
    const { stdout } = await run("/usr/sbin/iptables", ["--wait", "5", "-S"]);
    expect(stdout).not.toContain(`MCPPROXY-${network.bridgeName}`);
  });
});
