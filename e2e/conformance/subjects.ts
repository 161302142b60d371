import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerServer } from "../harness/server-entries.ts";
import type { Combination, Scope, ServerEra } from "./combination.ts";
import { startHttpShim } from "./direct/http-shim.ts";

/** What the suite talks to. */
export interface Subject {
  urlOf(combination: Combination): string;
  stop(): Promise<void>;
}

/** Starts one MCPProxy with a server for each era and scope that the combinations need; each in a container. */
export async function startProxySubject(combinations: readonly Combination[]): Promise<Subject & { product: Product }> {
  const names = new Set(combinations.map(serverName));
  const servers = combinations.flatMap((combination) => {
    const { era, through } = combination;
    return through !== "direct" && names.delete(serverName(combination)) ? [serverEntry({ era, scope: through })] : [];
  });
  const product = await startProduct({ config: configOf(servers) });
  return {
    product,
    urlOf: (combination) => product.mcpUrl(serverName(combination)),
    stop: () => product.dispose(),
  };
}

/** Starts the fixture behind plain HTTP. */
export async function startDirectSubject(era: ServerEra): Promise<Subject> {
  const shim = await startHttpShim(era);
  return { urlOf: () => shim.url, stop: () => shim.stop() };
}

/** The name of the server that a combination talks to. */
export function serverName({ era, through }: Combination): string {
  return `${era}-${through}`;
}

function serverEntry({ era, scope }: { readonly era: ServerEra; readonly scope: Scope }) {
  return containerServer({
    name: serverName({ era, through: scope, revision: "2025-11-25" }),
    command: "node",
    args: ["/fixtures/conformance/server.mjs", "--era", era],
    isolation: { scope },
  });
}
