import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import type { HostFacts, IsolationPlan, PathFact, PlanResult } from "./isolation-plan.ts";
import { planIsolation } from "./plan-isolation.ts";

/** What a test says of a config file with one server, in the words of the file. */
export interface PlanCase {
  readonly server?: Readonly<Record<string, unknown>>;
  readonly isolation?: Readonly<Record<string, unknown>>;
  readonly global?: Readonly<Record<string, unknown>>;
  readonly host?: HostFacts;
}

export const bareHost: HostFacts = { platform: "linux" };

/** A machine of "me" with these paths; a value that is no kind is where the path really leads. */
export function hostWith(
  paths: Readonly<Record<string, PathFact["kind"] | `/${string}`>>,
  platform: HostFacts["platform"] = "linux",
): HostFacts {
  const facts = Object.entries(paths).map(([path, fact]): [string, PathFact] =>
    isPath(fact) ? [path, { kind: "directory", realPath: fact }] : [path, { kind: fact, realPath: path }],
  );
  return { platform, homeDirectory: "/home/me", paths: new Map(facts) };
}

function isPath(fact: PathFact["kind"] | `/${string}`): fact is `/${string}` {
  return fact.startsWith("/");
}

/** The parsed config of a case; throws when the test's own config is wrong. */
export function configOf({ server = {}, isolation, global = {} }: PlanCase): {
  readonly server: ServerConfig;
  readonly settings: Settings;
} {
  const entry = { name: "a", command: "npx", args: ["-y", "x"], ...server, ...(isolation && { isolation }) };
  const config = parseConfig(JSON.stringify({ docker_isolation: global, mcpServers: [entry] }), "test.json");
  const [parsed] = config.servers;
  if (config.settings === undefined || parsed?.ok !== true)
    throw new Error(`The test's own config is wrong: ${JSON.stringify([config.issues, parsed])}`);
  return { server: parsed.server, settings: config.settings };
}

export function planOf({ host = bareHost, ...input }: PlanCase): PlanResult {
  return planIsolation({ ...configOf(input), host });
}

export function isolatedPlanOf(input: PlanCase): IsolationPlan {
  const result = planOf(input);
  if (result.kind !== "isolated") throw new Error(`Not isolated: ${JSON.stringify(result)}`);
  return result.plan;
}

/** isolated, direct, or the code of the refusal. */
export function outcomeOf(input: PlanCase): string {
  const result = planOf(input);
  return result.kind === "refused" ? result.refusal.code : result.kind;
}

export function findingsOf(input: PlanCase) {
  const result = planOf(input);
  if (result.kind === "refused") throw new Error(`Refused: ${JSON.stringify(result.refusal)}`);
  return result.findings;
}
