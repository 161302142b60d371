import { detectRuntime } from "../runtime/detect-runtime.ts";
import { isHostSpecific, programName } from "../runtime/program-name.ts";
import { innermostCommand, splitPrefix, unwrapCommand } from "../runtime/unwrap-command.ts";
import type { ChosenImage } from "./choose-image.ts";
import type { Finding } from "./finding.ts";
import { needsUvBootstrap, withUvBootstrap } from "./uv-bootstrap.ts";

export type Command = readonly [string, ...string[]];

export interface ContainerCommand {
  readonly command: Command;
  /** Set when uv is installed at the first start. */
  readonly isUvBootstrapped: boolean;
  /** Programs that the image must have for it. */
  readonly requiredPrograms: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * The command as it runs in the container. A path or a wrapper of this machine means nothing in a default image, so
 * there only the program's name stays; with an image of the user's own nothing is changed.
 */
export function toContainerCommand(command: Command, chosen: ChosenImage): ContainerCommand {
  const words = chosen.isExplicit ? command : withoutHostPlaces(command, chosen);
  const findings = isSame(words, command) ? [] : [ofThisMachine(command, words, chosen.image)];
  const bootstrapped = bootstrapUv(words, chosen);
  if (bootstrapped === undefined)
    return { command: words, isUvBootstrapped: false, requiredPrograms: programsOf(words), findings };
  return {
    command: bootstrapped,
    isUvBootstrapped: true,
    requiredPrograms: [...new Set([bootstrapped[0], "python3"])],
    findings: [...findings, bootstrapHint(chosen.image)],
  };
}

/** Runs uv behind the bootstrap, and the bootstrap behind `env A=b` and the like; what a shell runs stays as it is. */
function bootstrapUv(words: Command, chosen: ChosenImage): Command | undefined {
  const { prefix, inner } = splitPrefix(words);
  const [program, ...args] = inner;
  const isUv = program !== undefined && ["uv", "uvx"].includes(program);
  if (!isUv || !needsUvBootstrap(chosen.image)) return undefined;
  return asCommand([...prefix, ...withUvBootstrap([program, ...args])]);
}

/** The program itself, and the one that it only starts; a path is the image's own business. */
function programsOf(words: Command): readonly string[] {
  const [program, ...args] = innermostCommand(words);
  const isKnown = program !== undefined && detectRuntime(program, args).kind === "runtime" && !/[\\/]/.test(program);
  return isKnown ? [...new Set([words[0], program])] : [words[0]];
}

/** Wrappers that only make sense on this machine: images have no sudo, and the others are words of a shell. */
const hostWrappers = new Set(["sudo", "doas", "exec", "command", "time", "cmd", "powershell", "pwsh"]);

function withoutHostPlaces(command: Command, chosen: ChosenImage): Command {
  const words = withoutHostWrappers(command);
  const { prefix, inner } = splitPrefix(words);
  const [program, ...args] = inner;
  const isShell = chosen.runtime === "sh" || chosen.runtime === "bash" || unwrapCommand(inner) !== undefined;
  if (program === undefined || isShell) return words;
  const name = isHostSpecific(program) ? programName(program) : program;
  if (name.toLowerCase() !== "py") return asCommand([...prefix, name, ...args]);
  return asCommand([...prefix, "python", ...args.slice(isPyVersion(args[0] ?? "") ? 1 : 0)]);
}

function withoutHostWrappers(command: Command): Command {
  let words = command;
  while (hostWrappers.has(programName(words[0]).toLowerCase())) {
    const [program, ...args] = unwrapCommand(words) ?? [];
    if (program === undefined) break;
    words = [program, ...args];
  }
  return words;
}

/** `py -3.12` of Windows chooses the version, which the image does here. */
function isPyVersion(word: string): boolean {
  return /^-\d+(?:\.\d+)?(?:-(?:32|64|arm64))?$/.test(word);
}

function asCommand(words: readonly string[]): Command {
  const [program = "", ...args] = words;
  return [program, ...args];
}

function isSame(one: Command, other: Command): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}

function ofThisMachine(command: Command, words: Command, image: string): Finding {
  const changed = command.find((word, index) => word !== words[index]) ?? command[0];
  return {
    code: "command_of_this_machine",
    severity: "hint",
    message: `"${changed}" belongs to this machine; in the container ${image} "${programName(innermostCommand(words)[0] ?? words[0])}" runs instead.`,
    remedy: "Set isolation.image to use an image of your own.",
  };
}

function bootstrapHint(image: string): Finding {
  return {
    code: "uv_bootstrap",
    severity: "hint",
    message: `The image ${image} has no uv: it is installed with pip at the first start and kept on the cache volume.`,
    remedy: "For a quicker first start set isolation.image to an image that has uv.",
  };
}
