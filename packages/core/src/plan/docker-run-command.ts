import { isOneContainerEngine } from "../runtime/detect-runtime.ts";
import { programName } from "../runtime/program-name.ts";
import { unwrapCommand } from "../runtime/unwrap-command.ts";
import { readRunOptions, type RunOption } from "./docker-run-options.ts";

/** A `docker run` that the user wrote, taken apart as far as its container has to be found again. */
export interface DockerRunCommand {
  readonly program: "docker" | "podman" | "nerdctl";
  /** The program as it was written, behind wrappers such as `env A=b`; undefined inside a shell script. */
  readonly prefix: readonly [string, ...string[]] | undefined;
  /** Words up to and with `run` (or `container run`), without the program. */
  readonly before: readonly string[];
  /** The options of run, without the ones that MCPProxy replaces. */
  readonly options: readonly string[];
  /** The image and everything behind it. */
  readonly rest: readonly [string, ...string[]];
  readonly image: string;
  /** The name the user chose; undefined where MCPProxy may choose. */
  readonly name?: string;
  /** Global options such as --context or -H choose an engine of their own. */
  readonly choosesEngine: boolean;
  readonly hasStdin: boolean;
  readonly hasTty: boolean;
  readonly isDetached: boolean;
  readonly flags: readonly RunOption[];
}

const maximumWrappers = 8;

/** Reads `docker run …`; undefined for every other command. Never throws. */
export function parseDockerRun(words: readonly string[]): DockerRunCommand | undefined {
  const call = findCall(words);
  if (call === undefined) return undefined;
  const { program, prefix, args } = call;
  const start = afterGlobalOptions(args);
  const isLong = args[start] === "container" && args[start + 1] === "run";
  if (args[start] !== "run" && !isLong) return undefined;
  const runEnd = start + (isLong ? 2 : 1);
  const { flags, kept, rest } = readRunOptions(args.slice(runEnd), ({ flag }) => flag === "--rm");
  const [image, ...command] = rest;
  if (image === undefined) return undefined;
  const isOn = (flag: string): boolean => isTrue(flags.findLast((one) => one.flag === flag));
  const name = flags.findLast((one) => one.flag === "--name")?.value;
  return {
    program,
    prefix,
    before: args.slice(0, runEnd),
    options: kept,
    rest: [image, ...command],
    image,
    ...(name === undefined ? {} : { name }),
    choosesEngine: args.slice(0, start).some(isEngineOption),
    hasStdin: isOn("--interactive"),
    hasTty: isOn("--tty"),
    isDetached: isOn("--detach"),
    flags,
  };
}

interface EngineCall {
  readonly program: DockerRunCommand["program"];
  readonly prefix: DockerRunCommand["prefix"];
  readonly args: readonly string[];
}

/** Looks through wrappers: behind `env A=b` the words are the same, inside `sh -c` they are the shell's to read. */
function findCall(words: readonly string[]): EngineCall | undefined {
  let inner = words;
  let isScript = false;
  for (let depth = 0; depth < maximumWrappers; depth += 1) {
    const next = unwrapCommand(inner);
    if (next === undefined) break;
    isScript ||= !isEndOf(inner, next);
    inner = next;
  }
  const [command = "", ...args] = inner;
  const name = programName(command).toLowerCase();
  const program = (["docker", "podman", "nerdctl"] as const).find((known) => known === name);
  const [first = "", ...others] = words;
  if (program === undefined || (isScript && !isOneContainerEngine(first, others))) return undefined;
  const wrappers = others.slice(0, words.length - inner.length);
  return { program, prefix: isScript ? undefined : [first, ...wrappers], args };
}

function isEndOf(words: readonly string[], end: readonly string[]): boolean {
  return end.every((word, index) => words[words.length - end.length + index] === word);
}

const globalSwitches = new Set(["--debug", "-D", "--tls", "--tlsverify"]);

function afterGlobalOptions(args: readonly string[]): number {
  let index = 0;
  while (index < args.length && (args[index] ?? "").startsWith("-")) {
    const word = args[index] ?? "";
    const isJoined = !word.startsWith("--") && word.length > 2;
    index += globalSwitches.has(word) || word.includes("=") || isJoined ? 1 : 2;
  }
  return index;
}

/** --config names a folder with contexts of its own, and the TLS files decide who is talked to. */
function isEngineOption(word: string): boolean {
  return /^(?:-H|-c|--(?:host|context|config|connection|url|tls\w*|address|namespace)(?:=|$))/.test(word);
}

function isTrue(option: RunOption | undefined): boolean {
  return option !== undefined && !["false", "0", "f", "F", "FALSE", "False"].includes(option.value ?? "true");
}
