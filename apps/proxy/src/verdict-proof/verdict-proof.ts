import type { VerdictKind } from "@mcpproxy/core/verdict/verdict";
import type { McpClient } from "./testing/mcp-client.ts";
import type { ProofProxy } from "./testing/proof-proxy.ts";
import type { ProofRun } from "./testing/proof-run.ts";

/** A server as the config file says it, what is done to it, and what its run must say then. */
export interface VerdictProof {
  /** Also the server's name. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly isolation?: Readonly<Record<string, unknown>>;
  /** How the end comes. */
  readonly provoke: Provocation;
  readonly expected: ExpectedVerdict;
}

export type Provocation =
  /** It is started, and that is all it takes. */
  | { readonly by: "start" }
  /** It is started, and acted on before it has answered initialize. */
  | { readonly by: "start-then"; act(victim: Omit<Victim, "client">): Promise<void> }
  /** A client calls the tool "break". */
  | { readonly by: "call" }
  /** A person or a program acts on it while it runs; with a call in flight unless it says otherwise. */
  | { readonly by: "act"; readonly isQuiet?: boolean; act(victim: Victim): Promise<void> };

export interface Victim {
  readonly proxy: ProofProxy;
  readonly client: McpClient;
  readonly run: ProofRun;
  readonly server: string;
  readonly containerId: string;
}

export interface ExpectedVerdict {
  readonly kind: VerdictKind;
  readonly confidence?: "certain" | "likely" | "unknown";
  readonly summary: string | RegExp;
  readonly remedy?: RegExp;
  readonly exitCode: number | null;
  readonly isOomFlagSet?: boolean;
  /** Each has to be in the evidence, as "source: text". */
  readonly evidence?: readonly RegExp[];
}
