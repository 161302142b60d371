import { isHostSpecific, programName } from "../runtime/program-name.ts";
import { unwrapCommand } from "../runtime/unwrap-command.ts";
import type { ChosenImage } from "./choose-image.ts";

export type Command = readonly [string, ...string[]];

export interface ContainerCommand {
  readonly command: Command;
  readonly warnings: readonly string[];
}

/**
 * The command as it runs in the container. A path or a Windows wrapper of this machine means nothing in a default
 * image, so there only the program's name stays; with an image of the user's own nothing is changed.
 */
export function toContainerCommand(command: Command, chosen: ChosenImage): ContainerCommand {
  if (chosen.isExplicit) return { command, warnings: [] };
  const [first, ...rest] = withoutWindowsShell(command);
  const isShellOrWrapper =
    chosen.runtime === "sh" || chosen.runtime === "bash" || unwrapCommand([first, ...rest]) !== undefined;
  const program = isHostSpecific(first) && !isShellOrWrapper ? programName(first) : first;
  const isChanged = program !== command[0];
  const warning = `"${command[0]}" belongs to this machine; in the container ${chosen.image} "${program}" runs instead. Set isolation.image to use an image of your own.`;
  return { command: [program, ...rest], warnings: isChanged ? [warning] : [] };
}

function withoutWindowsShell(command: Command): Command {
  const shell = programName(command[0]).toLowerCase();
  if (shell !== "cmd" && shell !== "powershell" && shell !== "pwsh") return command;
  const [program, ...args] = unwrapCommand(command) ?? [];
  return program === undefined ? command : [program, ...args];
}
