import { programName } from "./program-name.ts";
import { runtimes, type Runtime } from "./runtime.ts";
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

function byProgram(program: string): DetectedRuntime {
  const name = program.toLowerCase();
  if (containerEngines.has(name)) return { kind: "container-engine", program };
  const [, base = name, version] = /^([a-z]+)-?(\d+(?:\.\d+)*)$/.exec(name) ?? [];
  const runtime =
    runtimes.find((known) => known === base) ?? (Object.hasOwn(aliases, base) ? aliases[base] : undefined);
  if (runtime === undefined) return { kind: "unknown", program };
  return { kind: "runtime", runtime, program, ...(version === undefined ? {} : { version }) };
}
