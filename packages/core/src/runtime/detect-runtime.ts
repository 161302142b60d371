import { programName } from "./program-name.ts";
import { runtimes, type Runtime } from "./runtime.ts";
import { shellCommands } from "./shell-words.ts";
import { unwrapCommand } from "./unwrap-command.ts";

/** What a command needs to run. `program` is its bare name, without folders and extension. */
export type DetectedRuntime =
  | {
      readonly kind: "runtime";
      readonly runtime: Exclude<Runtime, "custom">;
      readonly program: string;
      readonly version?: string;
    }
  | { readonly kind: "container-engine"; readonly program: string }
  | { readonly kind: "unknown"; readonly program: string };

const containerEngines = new Set(["docker", "podman", "nerdctl"]);
/** Other names of the same program. */
const aliases: Readonly<Record<string, Exclude<Runtime, "custom">>> = {
  nodejs: "node",
  py: "python",
  pnpx: "pnpm",
  dash: "sh",
  ash: "sh",
};
/** A wrapper in a wrapper in a wrapper is still honest; more is a riddle. */
const maximumWrappers = 8;

/**
 * Tells which runtime a command needs, through paths, extensions, version suffixes and wrappers.
 * Only the program decides: the word "docker" in a path or an argument is not Docker.
 */
export function detectRuntime(command: string, args: readonly string[]): DetectedRuntime {
  let words: readonly string[] = [command, ...args];
  for (let depth = 0; depth < maximumWrappers; depth += 1) {
    const inner = unwrapCommand(words);
    if (inner === undefined) break;
    words = inner;
  }
  return byProgram(programName(words[0] ?? command));
}

/**
 * True when the command is one call of a container engine and nothing else. A shell script that also does other things
 * would run these on the host, just because it mentions docker.
 */
export function isOneContainerEngine(command: string, args: readonly string[]): boolean {
  let words: readonly string[] = [command, ...args];
  for (let depth = 0; depth < maximumWrappers; depth += 1) {
    const inner = unwrapCommand(words);
    if (inner === undefined) break;
    if (!isPrefix(words, inner) && !isOneCommandScript(words)) return false;
    words = inner;
  }
  return containerEngines.has(programName(words[0] ?? "").toLowerCase());
}

/** `env A=b docker …`: the inner command is the end of the outer one, word for word. */
function isPrefix(words: readonly string[], inner: readonly string[]): boolean {
  return inner.every((word, index) => words[words.length - inner.length + index] === word);
}

/** One simple command without anything that a shell would expand or run on the way. */
function isOneCommandScript(words: readonly string[]): boolean {
  const script = words.at(-1) ?? "";
  return !/[`<>]|\$\(|\$\{/.test(script) && shellCommands(script).length === 1;
}

function byProgram(program: string): DetectedRuntime {
  const name = program.toLowerCase();
  if (containerEngines.has(name)) return { kind: "container-engine", program };
  const [, base = name, version] = /^([a-z]+)-?(\d+(?:\.\d+)*)$/.exec(name) ?? [];
  const runtime =
    runtimes.find((known) => known === base) ?? (Object.hasOwn(aliases, base) ? aliases[base] : undefined);
  if (runtime === undefined) return { kind: "unknown", program };
  return { kind: "runtime", runtime, program, ...(version === undefined ? {} : { version }) };
}
