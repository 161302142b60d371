import type { ServerConfig } from "@mcpproxy/config-schema/config";
import type { Refusal } from "@mcpproxy/core/plan/isolation-plan";
import { readSecretFile, type SecretText } from "./read-secret-file.ts";

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
  const env: [string, string][] = [];
  for (const [name, value] of Object.entries(server.env)) {
    const resolved = resolveValue(value, sources);
    if (!resolved.ok)
      return refused(server.name, { message: `env.${name}: ${resolved.message}`, remedy: resolved.remedy });
    env.push([name, resolved.text]);
  }
  return { ok: true, server: { ...server, env: Object.fromEntries(env) } };
}

/** Every text of a server's env that must not show up: the values, and what each reference in them stands for. */
export function secretsOfServer(server: ServerConfig, sources: ReferenceSources): readonly string[] {
  return Object.values(server.env).flatMap((value) => {
    const whole = resolveValue(value, sources);
    const parts = [...value.matchAll(reference)].map(([, kind = "", name = ""]) => lookUp({ kind, name }, sources));
    return [value, ...[whole, ...parts].flatMap((found) => (found.ok ? [found.text] : []))];
  });
}

interface Problem {
  readonly message: string;
  readonly remedy: string;
}

const argumentProblem: Problem = {
  message: "a secret is to be put into the arguments, which every program on this machine can read.",
  remedy: "Give it to the server as a variable in env.",
};

function resolveValue(value: string, sources: ReferenceSources): SecretText {
  let problem: Problem | undefined;
  const text = value.replaceAll(reference, (whole, kind: string, name: string) => {
    const found = lookUp({ kind, name }, sources);
    if (found.ok) return found.text;
    problem ??= found;
    return whole;
  });
  return problem === undefined ? { ok: true, text } : { ok: false, ...problem };
}

function lookUp(
  { kind, name }: { readonly kind: string; readonly name: string },
  sources: ReferenceSources,
): SecretText {
  if (name === "")
    return {
      ok: false,
      message: `\${${kind}:} names nothing.`,
      remedy: "Write ${env:NAME} with a variable, or ${file:/path} with a file.",
    };
  return kind === "env" ? fromEnvironment(name, sources) : readSecretFile(name, sources.homeDirectory);
}

function fromEnvironment(name: string, { variable }: ReferenceSources): SecretText {
  const text = variable(name);
  if (text !== undefined) return { ok: true, text };
  return {
    ok: false,
    message: `the variable ${name} is not set in the environment of MCPProxy.`,
    remedy: `Set ${name} and restart MCPProxy.`,
  };
}

function refused(server: string, problem: Problem): ResolvedServer {
  const message = `The server "${server}" does not start: ${problem.message}`;
  return { ok: false, refusal: { code: "secret_unresolved", message, remedy: problem.remedy } };
}
