import { TRPCClientError } from "@trpc/client";

export type Failure =
  | { readonly kind: "signed-out"; readonly message: string }
  | { readonly kind: "not-found"; readonly message: string }
  | { readonly kind: "unreachable"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** Sorts an error of a query or mutation by what a person can do about it. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof TRPCClientError))
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  const message = error.message;
  switch (codeOf(error.data)) {
    case "UNAUTHORIZED":
      return { kind: "signed-out", message };
    case "NOT_FOUND":
      return { kind: "not-found", message };
    case "BAD_GATEWAY":
      return { kind: "unreachable", message };
    // No code at all: the answer never came, the web server itself is away.
    case undefined:
      return { kind: "unreachable", message };
    default:
      return { kind: "failed", message };
  }
}

function codeOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "code" in data ? data.code : undefined;
}
