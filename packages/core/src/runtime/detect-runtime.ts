import { assertNever } from "../assert-never.ts";
import { programName } from "./program-name.ts";
import { runtimes, type Runtime } from "./runtime.ts";
import { shellCommands } from "./shell-words.ts";
import { innermostCommand, scriptOf, unwrapCommand, type WrappedScript } from "./unwrap-command.ts";

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
  pythonw: "python",
  pnpx: "pnpm",
  dash: "sh",
  ash: "sh",
};
/**
 * Tells which runtime a command needs, through paths, extensions, version suffixes and wrappers.
 * Only the program decides: the word "docker" in a path or an argument is not Docker.
 */
export function detectRuntime(command: string, args: readonly string[]): DetectedRuntime {
  return byProgram(programName(innermostCommand([command, ...args])[0] ?? command));
}

/**
 * True when the command is one call of a container engine and nothing else. A shell script that also does other things
 * would run these on the host, just because it mentions docker.
 */
export function isOneContainerEngine(command: string, args: readonly string[]): boolean {
  let words: readonly string[] = [command, ...args];
  const end = innermostCommand(words);
  if (!containerEngines.has(programName(end[0] ?? "").toLowerCase())) return false;
  for (let inner = unwrapCommand(words); inner !== undefined; inner = unwrapCommand(words)) {
    const script = scriptOf(words);
    if (script !== undefined && !isOneCommand(script)) return false;
    words = inner;
  }
  return true;
}

/** One simple command, without anything that its language would expand, redirect or run on the way. */
function isOneCommand({ language, text }: WrappedScript): boolean {
  switch (language) {
    case "shell":
      return !/[`<>()\r\n]|\$[{'"]|[;&|]\s*$/.test(text) && shellCommands(text).length === 1;
    case "windows":
      return !/[&|<>^%!;`$(){}\r\n]/.test(text);
    case "words":
      // env splits at blanks and knows no operators.
      return !/[`$\r\n]/.test(text);
    default:
      return assertNever(language);
  }
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
