import type { RpcError } from "./rpc-error.ts";

/** What the specification says of tools that are not there; a hint tells the owner of the config why. */
export function unknownToolError(tool: string, { hiddenBy }: { readonly hiddenBy: string }): RpcError {
  return {
    code: "invalid_params",
    message: `Unknown tool: ${tool}. If ${hiddenBy} has it, its tools.allow or tools.deny in MCPProxy's config hides it.`,
  };
}
