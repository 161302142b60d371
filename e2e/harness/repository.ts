import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Files of the product and of the tests that the harness starts or mounts. */
export const repository = {
  root,
  fixtures: join(root, "e2e/fixtures"),
  nodeFixture: join(root, "e2e/fixtures/mcp-fixture.mjs"),
  conformanceFixture: join(root, "e2e/fixtures/conformance/server.mjs"),
  proxyProgram: join(root, "apps/proxy/bin/mcpproxy.mjs"),
  webApp: join(root, "apps/web"),
  webBuildId: join(root, "apps/web/.next/BUILD_ID"),
  nextProgram: join(root, "apps/web/node_modules/next/dist/bin/next"),
} as const;
