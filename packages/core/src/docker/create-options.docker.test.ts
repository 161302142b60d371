import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContainerIdentity, IsolationPlan } from "../plan/isolation-plan.ts";
import { planIsolation } from "../plan/plan-isolation.ts";
import { runtimes } from "../runtime/runtime.ts";
import { arbitraryPlan } from "./arbitrary-plan.test-data.ts";
import { clientCapabilities } from "./client-capabilities.ts";
import { toCreateOptions } from "./create-options.ts";
import { toDockerRunArgs } from "./docker-run-args.ts";
import { exampleIdentity, examplePlan } from "./example-plan.test-data.ts";

const testId = `mcpproxy-test-${randomUUID()}`;
const image = `${testId}:latest`;
const identity: ContainerIdentity = { ...exampleIdentity, instanceId: testId };
/** Two zero blocks are an empty tar archive. */
const emptyTar = Buffer.alloc(1024);
/** Time, layer folders, and the size of the terminal that the client ran in. */
const unequalKeys = new Set(["Created", "GraphDriver", "ConsoleSize"]);
const created: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "mcpproxy-test-"));
const sources = ["plain", "a b", "a,b", 'a"b', "a:b", "é 日本", "new\nline", "-rf"].map((name) => join(folder, name));

beforeAll(() => {
  for (const source of sources) mkdirSync(source);
  docker(["network", "create", testId]);
  docker(["import", "--change", 'ENTRYPOINT ["/entry"]', "--change", "ENV FROM_IMAGE=1 TOKEN=image", "-", image], {
    input: emptyTar,
  });
});

afterAll(() => {
  if (created.length > 0) docker(["rm", "--force", ...created]);
  const volumes = docker(["volume", "ls", "--quiet", "--filter", `name=${testId}`])
    .split("\n")
    .filter(Boolean);
  if (volumes.length > 0) docker(["volume", "rm", ...volumes]);
  docker(["network", "rm", testId]);
  docker(["rmi", image]);
  rmSync(folder, { recursive: true });
});

const plans: readonly (readonly [string, IsolationPlan])[] = [
  ["every option", { ...examplePlan, image }],
  [
    "no network, odd paths",
    {
      ...examplePlan,
      image,
      network: { ...examplePlan.network, mode: "none" },
      mounts: [{ source: "/etc", target: '/mnt/a,b "c":d', isReadOnly: false }],
    },
  ],
  [
    "host network, json-file, read-only root, user",
    {
      ...examplePlan,
      image,
      network: { ...examplePlan.network, mode: "host" },
      logDriver: { name: "json-file", options: { "max-size": "1m" } },
      hardening: {
        capDrop: ["ALL"],
        capAdd: ["NET_BIND_SERVICE"],
        hasNoNewPrivileges: false,
        securityOpt: [],
        hasInit: false,
        hasReadOnlyRoot: true,
        user: "1000:1000",
      },
    },
  ],
  [
    "uneven limits",
    {
      ...examplePlan,
      image,
      limits: { memoryBytes: 10_000_001, memorySwapBytes: 10_000_001, cpus: 0.333333333, pids: 7, ulimits: [] },
    },
  ],
];

const caBundle = { path: sources[0] ?? folder, isComplete: true };

/** The plan of a server as a config file leads to it, in an image that is there. */
function planOf(command: string, isolation: Readonly<Record<string, unknown>>): IsolationPlan {
  const entry = { name: "a", command, args: ["some-server", ""], env: { TOKEN: "hunter22" }, isolation };
  const { settings, servers } = parseConfig(JSON.stringify({ mcpServers: [entry] }), "test.json");
  const [server] = servers;
  if (settings === undefined || !server?.ok)
    throw new Error(`The test's own config is wrong: ${JSON.stringify(servers)}`);
  const result = planIsolation({ server: server.server, settings, host: { platform: "linux", caBundle } });
  if (result.kind !== "isolated") throw new Error(`Not isolated: ${JSON.stringify(result)}`);
  return { ...result.plan, image };
}

describe("creates the same container as the printed command", () => {
  it.each(plans)("%s", async (_, plan) => {
    const [byApi, byCli] = await createBothWays(plan);
    expect(byApi).toEqual(byCli);
  });

  it.each(
    runtimes.flatMap((runtime) => [
      { runtime, preset: "standard" },
      { runtime, preset: "strict" },
    ]),
  )("$runtime, $preset", async ({ runtime, preset }) => {
    const [byApi, byCli] = await createBothWays(planOf(runtime, { preset }));
    expect(byApi).toEqual(byCli);
  });

  const worlds = { image, sources, networks: ["bridge", "none", "host", testId] };
  const generated = fc.sample(arbitraryPlan(worlds), { numRuns: 25, seed: 20_261_123 });
  it.each(generated.map((plan, index) => ({ plan, index })))("generated plan $index", async ({ plan }) => {
    const [byApi, byCli] = await createBothWays(plan);
    expect(byApi).toEqual(byCli);
  });
});

it("gives both ways the same refusal of another platform", async () => {
  const plan: IsolationPlan = { ...examplePlan, image, platform: "linux/arm64" };
  await expect(createByApi(plan, `${testId}-api-arm`)).rejects.toThrow("platform");
});

/** What inspect says of a container made by the API, and of one made by the printed command. */
async function createBothWays(plan: IsolationPlan): Promise<readonly [byApi: unknown, byCli: unknown]> {
  const byCli = createByCli(plan, `${testId}-cli-${created.length}`);
  const byApi = await createByApi(plan, `${testId}-api-${created.length}`);
  return [inspect(byApi), inspect(byCli)];
}

function createByCli(plan: IsolationPlan, name: string): string {
  const [, ...args] = toDockerRunArgs(plan, { ...identity, name });
  const env = { ...process.env, ...Object.fromEntries(plan.env.map((variable) => [variable.name, variable.value])) };
  const id = docker(["create", ...args], { env }).trim();
  created.push(id);
  return id;
}

async function createByApi(plan: IsolationPlan, name: string): Promise<string> {
  const query = new URLSearchParams({ name, ...(plan.platform === undefined ? {} : { platform: plan.platform }) });
  const answer: unknown = JSON.parse(
    await post(`/containers/create?${query}`, toCreateOptions(plan, { ...identity, name })),
  );
  if (typeof answer !== "object" || answer === null || !("Id" in answer))
    throw new Error(`Not created: ${JSON.stringify(answer)}`);
  const id = String(answer.Id);
  created.push(id);
  return id;
}

function post(path: string, body: unknown): Promise<string> {
  const socketPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath, path, method: "POST", headers: { "Content-Type": "application/json" } },
      (response) => {
        response.setEncoding("utf8");
        let text = "";
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve(text));
      },
    );
    call.on("error", reject);
    call.end(JSON.stringify(body));
  });
}

/** What inspect says, without what differs between any two containers. */
function inspect(id: string): unknown {
  const [facts]: unknown[] = JSON.parse(docker(["inspect", id]));
  const text = JSON.stringify(facts)
    .replaceAll(id, "ID")
    .replaceAll(id.slice(0, 12), "ID")
    .replaceAll(/mcpproxy-test-[\da-f-]+-(?:cli|api)-\d+/g, "NAME")
    // Some clients send a capability with this prefix, some without; the engine takes both for the same.
    .replaceAll('"CAP_', '"');
  return JSON.parse(text, (key, value: unknown) => {
    if (unequalKeys.has(key) || isEmpty(value)) return undefined;
    // Older clients send capabilities as they were typed, newer ones tidied up; the engine takes both for the same.
    if ((key === "CapAdd" || key === "CapDrop") && Array.isArray(value)) return clientCapabilities(value.map(String));
    // The engine lists these in no particular order.
    const isUnordered = Array.isArray(value) && (key === "Env" || key === "Mounts");
    return isUnordered ? value.toSorted(byText) : value;
  });
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** The client sends empty lists where we send nothing; the engine keeps the difference and means the same. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function docker(
  args: readonly string[],
  options: { readonly input?: Buffer; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  return execFileSync("docker", [...args], { encoding: "utf8", ...options });
}
