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
 * Replaces `${env:NAME}` and `${file:PATH}` in the values of a server's env and headers. Never in its arguments, which anyone on the
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
  const resolved = { ...server, env: Object.fromEntries(env) };
  return server.remote === undefined ? { ok: true, server: resolved } : resolveHeaders(resolved, sources);
}

/** The headers of a remote server, with the references that they came from. */
function resolveHeaders(server: ServerConfig, sources: ReferenceSources): ResolvedServer {
  const { remote } = server;
  if (remote === undefined) return { ok: true, server };
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(remote.headers)) {
    const resolved = resolveValue(value, sources);
    if (!resolved.ok)
      return refused(server.name, { message: `headers.${name}: ${resolved.message}`, remedy: resolved.remedy });
    // Files end with a line break, and a header cannot hold one.
    const text = resolved.text.trim();
    if (/[\0\r\n]/.test(text)) return refused(server.name, brokenHeader(name));
    headers.push([name, text]);
  }
  const references = Object.entries(remote.headers).flatMap(([name, value]): readonly [string, readonly string[]][] => {
    const found = [...value.matchAll(reference)].map(([whole]) => whole);
    return found.length === 0 ? [] : [[name, found]];
  });
  return {
    ok: true,
    server: {
      ...server,
      remote: { ...remote, headers: Object.fromEntries(headers), references: Object.fromEntries(references) },
    },
  };
}

function brokenHeader(name: string): Problem {
  return {
    message: `headers.${name} would hold a line break.`,
    remedy: "Correct the variable or the file that it refers to.",
  };
}

/** Every text of a server's env, headers and address that must not show up: the values, and what each reference in them stands for. */
export function secretsOfServer(server: ServerConfig, sources: ReferenceSources): readonly string[] {
  const values = [...Object.values(server.env), ...Object.values(server.remote?.headers ?? {})];
  const texts = values.flatMap((value) => {
    const whole = resolveValue(value, sources);
    const parts = [...value.matchAll(reference)].map(([, kind = "", name = ""]) => lookUp({ kind, name }, sources));
    return [value, ...[whole, ...parts].flatMap((found) => (found.ok ? [found.text] : []))];
  });
  return server.remote === undefined ? texts : [...texts, ...secretsOfRemote(server.remote.url, texts)];
}

/** What follows a scheme such as Bearer, and the values in the query of the address. */
function secretsOfRemote(url: string, headers: readonly string[]): readonly string[] {
  const tokens = headers.flatMap((text) => /^\S+ (\S.*)$/s.exec(text.trim())?.[1] ?? []);
  const query = url.split("?")[1] ?? "";
  const values = query.split("&").flatMap((pair) => /=(.+)$/s.exec(pair)?.[1] ?? []);
  return [...tokens, ...values, ...new URLSearchParams(query).values()].filter((value) => value !== "");
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
