import { execFileSync } from "node:child_process";
import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { IsolationPlan } from "../plan/isolation-plan.ts";
import { toCreateOptions } from "./create-options.ts";
import { toDockerRunArgs } from "./docker-run-args.ts";
import { exampleIdentity, examplePlan } from "./example-plan.test-data.ts";

const image = "mcpproxy-test-create-options:latest";
/** Two zero blocks are an empty tar archive. */
const emptyTar = Buffer.alloc(1024);
/** Time, layer folders, and the size of the terminal that the client ran in. */
const unequalKeys = new Set(["Created", "GraphDriver", "ConsoleSize"]);
const created: string[] = [];

beforeAll(() => {
  docker(["import", "--change", 'ENTRYPOINT ["/entry"]', "--change", "ENV FROM_IMAGE=1 TOKEN=image", "-", image], {
    input: emptyTar,
  });
});

afterAll(() => {
  if (created.length > 0) docker(["rm", "--force", ...created]);
  docker(["rmi", image]);
});

const plans: readonly (readonly [string, IsolationPlan])[] = [
  ["every option", { ...examplePlan, image }],
  [
    "no network, odd paths",
    {
      ...examplePlan,
      image,
      network: "none",
      mounts: [{ source: "/etc", target: '/mnt/a,b "c":d', isReadOnly: false }],
    },
  ],
  [
    "host network, json-file, read-only root, user",
    {
      ...examplePlan,
      image,
      network: "host",
      logDriver: { name: "json-file", options: { "max-size": "1m" } },
      hardening: {
        capDrop: ["ALL"],
        capAdd: ["NET_BIND_SERVICE"],
        hasNoNewPrivileges: false,
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
      limits: { memoryBytes: 10_000_001, memorySwapBytes: 10_000_001, cpus: 0.333333333, pids: 7 },
    },
  ],
];

it.each(plans)("creates the same container as the printed command: %s", async (_, plan) => {
  const suffix = `${process.pid}-${created.length}`;
  const byCli = createByCli(plan, `mcpproxy-test-cli-${suffix}`);
  const byApi = await createByApi(plan, `mcpproxy-test-api-${suffix}`);
  expect(inspect(byApi)).toEqual(inspect(byCli));
});

function createByCli(plan: IsolationPlan, name: string): string {
  const [, ...args] = toDockerRunArgs(plan, { ...exampleIdentity, name });
  const env = { ...process.env, ...Object.fromEntries(plan.env.map((variable) => [variable.name, variable.value])) };
  const id = docker(["create", ...args], { env }).trim();
  created.push(id);
  return id;
}

async function createByApi(plan: IsolationPlan, name: string): Promise<string> {
  const answer: unknown = JSON.parse(
    await post(`/containers/create?name=${name}`, toCreateOptions(plan, { ...exampleIdentity, name })),
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
    .replaceAll(/mcpproxy-test-(?:cli|api)-[\d-]+/g, "NAME")
    // Some clients send a capability with this prefix, some without; the engine takes both for the same.
    .replaceAll('"CAP_', '"');
  return JSON.parse(text, (key, value: unknown) => {
    if (unequalKeys.has(key) || isEmpty(value)) return undefined;
    // The engine mixes in the image's variables in no particular order.
    return key === "Env" && Array.isArray(value) ? value.map(String).toSorted() : value;
  });
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
