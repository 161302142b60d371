import { parseClientEntry, urlOf, type ClientEntry } from "./client-entry.ts";
import { isOurEntry, type OurProgram } from "./our-entry.ts";
import type { FoundEntry } from "./read-client-file.ts";
import { translateReferences, type ReferenceScope, type Translation } from "./translate-references.ts";

/** A server as MCPProxy's config has it; the name stands outside. */
export interface ServerDraft {
  /** Undefined for a remote server, which has a url. */
  readonly command?: string;
  readonly url?: string;
  /** Of a remote server; Streamable HTTP when left out. */
  readonly type?: "sse";
  readonly headers?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly disabled?: true;
}

export type TranslatedEntry =
  | { readonly kind: "server"; readonly draft: ServerDraft; readonly warnings: readonly string[] }
  | { readonly kind: "skipped"; readonly reason: string };

/** Translates a client's entry into one for MCPProxy, or says why there is nothing to run. */
export function translateEntry(
  found: FoundEntry,
  { scope, program }: { readonly scope: ReferenceScope; readonly program: OurProgram },
): TranslatedEntry {
  const entry = parseClientEntry(found.value);
  if (entry === undefined) return skipped("The entry is not one of a server; look at it in the client's file.");
  if (isOurEntry(entry, program)) return skipped("It is MCPProxy itself.");
  const url = urlOf(entry);
  if (url !== undefined) return translateRemote(entry, { url, scope });
  if (entry.command === undefined || entry.command === "") return skipped("The entry has no command.");
  return translateCommand(entry, { command: entry.command, scope });
}

function translateRemote(
  entry: ClientEntry,
  { url, scope }: { readonly url: string; readonly scope: ReferenceScope },
): TranslatedEntry {
  if (/^wss?:/i.test(url) || entry.type === "ws")
    return skipped("A remote server over WebSocket, which MCPProxy does not speak. Leave it in the client.");
  const address = translateReferences(url, scope);
  const headers = Object.entries(entry.headers ?? {}).map(([name, value]) => ({
    name,
    ...translateReferences(value, scope),
  }));
  const unknown = [address, ...headers].flatMap((part) => part.unknown);
  if (unknown.length > 0) return skipped(unknownWords(unknown));
  // The old transport's address ends so by convention, and many clients find it out by trying.
  const isOldTransport = entry.type === "sse" || (entry.type === undefined && /\/sse\/?(?:\?|$)/.test(url));
  return {
    kind: "server",
    draft: {
      url: address.text,
      ...(isOldTransport ? { type: "sse" } : {}),
      ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map(({ name, text }) => [name, text])) }),
      args: [],
      env: {},
      ...(entry.disabled === true ? { disabled: true } : {}),
    },
    warnings: headers
      .filter(({ inputs }) => inputs.length > 0)
      .map(({ name, inputs, variables }) => inputWarning({ place: `header ${name}`, inputs, variables })),
  };
}

function unknownWords(unknown: readonly string[]): string {
  return `It uses ${[...new Set(unknown)].join(", ")}, which only the client can fill in: write the value into the client's file, then import again.`;
}

function translateCommand(
  entry: ClientEntry,
  { command, scope }: { readonly command: string; readonly scope: ReferenceScope },
): TranslatedEntry {
  const translate = (text: string): Translation => translateReferences(text, scope);
  const words = [command, ...(entry.args ?? [])].map(translate);
  const env = Object.entries(entry.env ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({ name, ...translateReferences(String(value), { ...scope, inputVariable: name }) }));
  const cwd = entry.cwd === undefined ? undefined : translate(entry.cwd);
  const unknown = [...words, ...env, ...(cwd === undefined ? [] : [cwd])].flatMap((part) => part.unknown);
  if (unknown.length > 0) return skipped(unknownWords(unknown));
  const isAbsolute = cwd !== undefined && /^(?:\/|[A-Za-z]:[\\/])/.test(cwd.text);
  const [first, ...rest] = words;
  const draft: ServerDraft = {
    command: first?.text ?? command,
    args: rest.map(({ text }) => text),
    env: Object.fromEntries(env.map(({ name, text }) => [name, text])),
    ...(isAbsolute ? { cwd: cwd.text } : {}),
    ...(entry.disabled === true ? { disabled: true } : {}),
  };
  return {
    kind: "server",
    draft,
    warnings: warningsOf(entry, { words, env, cwdIsLost: entry.cwd !== undefined && !isAbsolute }),
  };
}

function warningsOf(
  entry: ClientEntry,
  parts: {
    readonly words: readonly Translation[];
    readonly env: readonly (Translation & { readonly name: string })[];
    readonly cwdIsLost: boolean;
  },
): readonly string[] {
  const inWords = parts.words.flatMap(({ variables }) => variables);
  const defaults = [...parts.words, ...parts.env].flatMap((part) => part.defaults);
  return [
    ...parts.env
      .filter(({ inputs }) => inputs.length > 0)
      .map(({ name, inputs, variables }) => inputWarning({ place: `env ${name}`, inputs, variables })),
    ...parts.words
      .filter(({ inputs }) => inputs.length > 0)
      .map(({ inputs, variables }) => inputWarning({ place: "an argument", inputs, variables })),
    ...(inWords.length > 0
      ? [
          `Its command line has ${inWords.map((name) => `\${env:${name}}`).join(", ")}; MCPProxy fills references in only under env. Write the value there, or pass it as a variable of env.`,
        ]
      : []),
    ...(defaults.length > 0
      ? [`The default of ${defaults.join(", ")} is not taken over: set the variable where MCPProxy starts.`]
      : []),
    ...(entry.envFile === undefined
      ? []
      : [`envFile ${entry.envFile} is not read: put its variables under env, for example as \${env:NAME}.`]),
    ...(parts.cwdIsLost ? [`cwd ${entry.cwd ?? ""} is not absolute and is left out.`] : []),
  ];
}

function inputWarning(at: {
  readonly place: string;
  readonly inputs: readonly string[];
  readonly variables: readonly string[];
}): string {
  const [variable = ""] = at.variables;
  return `The client asks for "${at.inputs.join('", "')}" (${at.place}), which cannot be carried over: set ${variable} in the environment where MCPProxy starts, or write the value or \${file:/path} in its place.`;
}

function skipped(reason: string): TranslatedEntry {
  return { kind: "skipped", reason };
}
