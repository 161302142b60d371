import { join } from "node:path";
import { startProduct, type Product } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { configOf, containerServer } from "../harness/server-entries.ts";

/** The suite's own server. */
export const tortureProgram = join(repository.root, "e2e/torture/torture-server.mjs");

/** A config entry that runs the suite's server as a process of the host. */
export function tortureServer(name: string) {
  return { name, command: process.execPath, args: [tortureProgram], isolation: { enabled: false } };
}

/** The same in a container. */
export function containedTortureServer(name: string) {
  const volumes = [`${join(repository.root, "e2e/torture")}:/torture:ro`];
  return containerServer({ name, command: "node", args: ["/torture/torture-server.mjs"], isolation: { volumes } });
}

/** A config entry that runs the conformance fixture in one era, as a process of the host. */
export function conformanceServer(name: string, era: "legacy" | "modern" | "dual") {
  return {
    name,
    command: process.execPath,
    args: [repository.conformanceFixture, "--era", era],
    isolation: { enabled: false },
  };
}

/** A product whose servers are all ready. */
export async function startTortured(servers: readonly { readonly name: string }[]): Promise<Product> {
  const product = await startProduct({ config: configOf(servers) });
  for (const { name } of servers) await product.api.serverIn(name, "ready");
  return product;
}
