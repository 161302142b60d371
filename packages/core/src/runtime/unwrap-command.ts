import { programName } from "./program-name.ts";
import { shellCommands } from "./shell-words.ts";

/** Programs that only start another one, with the options of theirs that take a value. */
const prefixPrograms: Readonly<Record<string, readonly string[]>> = {
  env: ["-u", "--unset", "-C", "--chdir"],
  sudo: ["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T"],
  doas: ["-u", "-C"],
  nice: ["-n"],
  nohup: [],
  exec: ["-a"],
  command: [],
  setsid: [],
  stdbuf: ["-i", "-o", "-e"],
  time: [],
};
const shells = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh"]);
/** What a script does around the program that matters; all of it is in every image with a shell. */
const shellBuiltins = new Set([
  "cd",
  "set",
  "export",
  "unset",
  "source",
  ".",
  ":",
  "true",
  "false",
  "echo",
  "printf",
  "test",
  "[",
  "umask",
  "ulimit",
  "trap",
  "exit",
  "sleep",
  "wait",
  "read",
  "eval",
  "mkdir",
  "cat",
]);

/** The command inside a wrapper such as `env A=b npx …`, `sh -c "npx …"` or `cmd /c npx …`; undefined without a wrapper. */
export function unwrapCommand(words: readonly string[]): readonly string[] | undefined {
  const [first = "", ...rest] = words;
  const program = programName(first).toLowerCase();
  const valueOptions = Object.hasOwn(prefixPrograms, program) ? prefixPrograms[program] : undefined;
  if (valueOptions !== undefined) return afterOptions(rest, valueOptions);
  if (shells.has(program)) return insideShell(rest);
  if (program === "cmd") return insideCmd(rest);
  if (program === "powershell" || program === "pwsh") return insidePowerShell(rest);
  return undefined;
}

function afterOptions(words: readonly string[], valueOptions: readonly string[]): readonly string[] | undefined {
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? "";
    if (word === "-S" || word === "--split-string") return shellCommands(words[index + 1] ?? "")[0];
    if (word === "--") return nonEmpty(withoutAssignments(words.slice(index + 1)));
    if (!word.startsWith("-") && !isAssignment(word)) return words.slice(index);
    index += valueOptions.includes(word) ? 2 : 1;
  }
  return undefined;
}

function insideShell(words: readonly string[]): readonly string[] | undefined {
  const index = words.findIndex((word) => /^-[a-z]*c[a-z]*$/i.test(word));
  const script = words[index + 1];
  // Before -c only options may stand; otherwise it is an option of the script that the shell runs.
  if (index === -1 || script === undefined || words.slice(0, index).some((word) => !/^[-+]/.test(word)))
    return undefined;
  return shellCommands(script)
    .map(withoutAssignments)
    .find(([program]) => program !== undefined && !shellBuiltins.has(program));
}

function insideCmd(words: readonly string[]): readonly string[] | undefined {
  const index = words.findIndex((word) => /^\/[ckr]$/i.test(word));
  const [command, ...rest] = index === -1 ? [] : words.slice(index + 1);
  return command === undefined ? undefined : splitSingle(command, rest);
}

function insidePowerShell(words: readonly string[]): readonly string[] | undefined {
  const index = words.findIndex((word) => /^[-/]c(?:ommand)?$/i.test(word));
  const [command, ...rest] = index === -1 ? [] : words.slice(index + 1);
  return command === undefined ? undefined : splitSingle(command, rest);
}

/** `cmd /c "npx -y x"` carries a whole command line in one word; a path with spaces is no command line. */
function splitSingle(command: string, rest: readonly string[]): readonly string[] {
  const isCommandLine = rest.length === 0 && /\s/.test(command) && !/[\\/]/.test(command.split(/\s/)[0] ?? "");
  return isCommandLine ? command.trim().split(/\s+/) : [command, ...rest];
}

function withoutAssignments(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !isAssignment(word));
  return start === -1 ? [] : words.slice(start);
}

function nonEmpty(words: readonly string[]): readonly string[] | undefined {
  return words.length === 0 ? undefined : words;
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*=/.test(word);
}
