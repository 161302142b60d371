import { readFileSync, statSync } from "node:fs";
import type { ServerConfig } from "@mcpproxy/config-schema/config";
import type { Refusal } from "@mcpproxy/core/plan/isolation-plan";

const maxSecretBytes = 64 * 1024;
const reference = /\$\{(env|file):([^}]*)\}/g;

export interface ReferenceSources {
  /** A variable of MCPProxy's own environment. */
  readonly variable: (name: string) => string | undefined;
  readonly homeDirectory: string;
}

export type ResolvedServer =
  | { readonly ok: true; readonly server: ServerConfig }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Replaces `${env:NAME}` and `${file:PATH}` in the values of a server's env. Never in its arguments, which anyone on the
 * machine can read: there a reference is refused.
 */
export function resolveReferences(server: ServerConfig, sources: ReferenceSources): ResolvedServer {
  const inArguments = [server.command, ...server.args].find((word) => /\$\{(?:env|file):/.test(word));
  if (inArguments !== undefined) return refused(server.name, argumentProblem);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(server.env)) {
    const resolved = resolveValue(value, sources);
    if (!resolved.ok) return refused(server.name, { message: `env.${name}: ${resolved.message}`, remedy: resolved.remedy });
    env[name] = resolved.text;
  }
  return { ok: true, server: { ...server, env } };
}

interface Problem {
  readonly message: string;
  readonly remedy: string;
}
type Resolved = { readonly ok: true; readonly text: string } | ({ readonly ok: false } & Problem);

const argumentProblem: Problem = {
  message: "a secret is to be put into the arguments, which every program on this machine can read.",
  remedy: "Give it to the server as a variable in env.",
};

function resolveValue(value: string, sources: ReferenceSources): Resolved {
  let problem: Problem | undefined;
  const text = value.replaceAll(reference, (whole, kind: string, name: string) => {
    const found = kind === "env" ? fromEnvironment(name, sources) : fromFile(name, sources);
    if (found.ok) return found.text;
    problem ??= found;
    return whole;
  });
  return problem === undefined ? { ok: true, text } : { ok: false, ...problem };
}

function fromEnvironment(name: string, { variable }: ReferenceSources): Resolved {
  const text = variable(name);
  if (text !== undefined) return { ok: true, text };
  return {
    ok: false,
    message: `the variable ${name} is not set in the environment of MCPProxy.`,
    remedy: `Set ${name} and restart MCPProxy.`,
  };
}

/** One newline at the end belongs to the file and not to the secret. */
function fromFile(path: string, { homeDirectory }: ReferenceSources): Resolved {
  const file = path.startsWith("~/") ? `${homeDirectory}/${path.slice(2)}` : path;
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(file))
    return { ok: false, message: `the path ${path} is not absolute.`, remedy: "Write the whole path of the file." };
  try {
    if (statSync(file).size > maxSecretBytes)
      return { ok: false, message: `the file ${file} is larger than 64 KiB.`, remedy: "Name a file that holds only the secret." };
    return { ok: true, text: readFileSync(file, "utf8").replace(/\r?\n$/, "") };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return {
      ok: false,
      message: `the file ${file} cannot be read (${reason}).`,
      remedy: "Create it, or correct the path; then save the config again.",
    };
  }
}

function refused(server: string, problem: Problem): ResolvedServer {
  return {
    ok: false,
    refusal: { code: "secret_unresolved", message: `The server "${server}" does not start: ${problem.message}`, remedy: problem.remedy },
  };
}
