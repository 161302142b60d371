import { repository } from "./repository.ts";

/** The image that the tests' set-up builds from this host's Node. */
export const testImage = "mcpproxy-test/node:e2e";

export interface FixtureEntry {
  readonly name: string;
  /** Flags of e2e/fixtures/mcp-fixture.mjs. */
  readonly flags?: readonly string[];
  readonly isolation?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A config entry that runs the fixture in a container. */
export function containerFixture({ name, flags = [], isolation = {}, env }: FixtureEntry) {
  return {
    ...containerServer({ name, command: "node", args: ["/fixtures/mcp-fixture.mjs", ...flags], isolation }),
    ...(env && { env }),
  };
}

/** A config entry that runs something of e2e/fixtures in a container. */
export function containerServer({
  isolation,
  ...entry
}: {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly isolation: Readonly<Record<string, unknown>>;
}) {
  return {
    ...entry,
    isolation: {
      image: testImage,
      pull_policy: "never",
      volumes: [`${repository.fixtures}:/fixtures:ro`],
      ...isolation,
    },
  };
}

/** A config entry that runs the fixture as a process of the host. */
export function hostFixture({ name, flags = [], env }: FixtureEntry) {
  return {
    name,
    command: process.execPath,
    args: [repository.nodeFixture, ...flags],
    isolation: { enabled: false },
    ...(env && { env }),
  };
}

/** A whole config with these servers. */
export function configOf(servers: readonly object[], isolation: Readonly<Record<string, unknown>> = {}) {
  return { docker_isolation: { enabled: true, stop_timeout: "2s", ...isolation }, mcpServers: servers };
}
