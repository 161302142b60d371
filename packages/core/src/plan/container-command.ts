import { isHostSpecific, programName } from "../runtime/program-name.ts";
import { unwrapCommand } from "../runtime/unwrap-command.ts";
import type { ChosenImage } from "./choose-image.ts";
import type { Finding } from "./finding.ts";
import { needsUvBootstrap, withUvBootstrap } from "./uv-bootstrap.ts";

export type Command = readonly [string, ...string[]];

export interface ContainerCommand {
  readonly command: Command;
  /** Set when uv is installed at the first start. */
  readonly isUvBootstrapped: boolean;
  readonly findings: readonly Finding[];
}

/**
 * The command as it runs in the container. A path or a Windows wrapper of this machine means nothing in a default
 * image, so there only the program's name stays; with an image of the user's own nothing is changed.
 */
export function toContainerCommand(command: Command, chosen: ChosenImage): ContainerCommand {
  const inner = chosen.isExplicit ? { command, findings: [] } : withoutHostPlaces(command, chosen);
  const isUv = chosen.runtime === "uvx" || chosen.runtime === "uv";
  const isPlain = isUv && !isHostSpecific(inner.command[0]) && unwrapCommand(inner.command) === undefined;
  if (!isPlain || !needsUvBootstrap(chosen.image)) return { ...inner, isUvBootstrapped: false };
  return {
    command: withUvBootstrap(inner.command),
    isUvBootstrapped: true,
    findings: [...inner.findings, bootstrapHint(chosen.image)],
  };
}

function withoutHostPlaces(
  command: Command,
  chosen: ChosenImage,
): { readonly command: Command; readonly findings: readonly Finding[] } {
  const [first, ...rest] = withoutWindowsShell(command);
  const isShellOrWrapper =
    chosen.runtime === "sh" || chosen.runtime === "bash" || unwrapCommand([first, ...rest]) !== undefined;
  const program = isHostSpecific(first) && !isShellOrWrapper ? programName(first) : first;
  if (program === command[0]) return { command: [program, ...rest], findings: [] };
  const finding: Finding = {
    code: "command_of_this_machine",
    severity: "hint",
    message: `"${command[0]}" belongs to this machine; in the container ${chosen.image} "${program}" runs instead.`,
    remedy: "Set isolation.image to use an image of your own.",
  };
  return { command: [program, ...rest], findings: [finding] };
}

function bootstrapHint(image: string): Finding {
  return {
    code: "uv_bootstrap",
    severity: "hint",
    message: `The image ${image} has no uv: it is installed with pip at the first start and kept on the cache volume.`,
    remedy: "For a quicker first start set isolation.image to an image that has uv.",
  };
}

function withoutWindowsShell(command: Command): Command {
  const shell = programName(command[0]).toLowerCase();
  if (shell !== "cmd" && shell !== "powershell" && shell !== "pwsh") return command;
  const [program, ...args] = unwrapCommand(command) ?? [];
  return program === undefined ? command : [program, ...args];
}
