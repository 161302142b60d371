import { programName } from "./program-name.ts";
import { shellCommands } from "./shell-words.ts";

/** Programs that only start another one, with the options of theirs that take a value. */
const prefixPrograms: Readonly<Record<string, readonly string[]>> = {
  env: ["-u", "--unset", "-C", "--chdir", "-a", "--argv0", "-P"],
  sudo: [
    "-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot",
    "-T --command-timeout -r --role -t --type -U --other-user",
  ].flatMap((options) => options.split(" ")),
  doas: ["-u", "-C", "-a"],
  nice: ["-n", "--adjustment"],
  nohup: [],
  exec: ["-a"],
  command: [],
  setsid: [],
  stdbuf: ["-i", "--input", "-o", "--output", "-e", "--error"],
  time: ["-o", "--output", "-f", "--format"],
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
/** A wrapper in a wrapper in a wrapper is still honest; more is a riddle. */
const maximumWrappers = 8;

/** The command inside a wrapper such as `env A=b npx …`, `sh -c "npx …"` or `cmd /c npx …`; undefined without a wrapper. */
export function unwrapCommand(words: readonly string[]): readonly string[] | undefined {
  const [first = "", ...rest] = words;
  const program = programName(first).toLowerCase();
  if (isPrefixProgram(program)) return behindPrefix(rest, prefixPrograms[program] ?? []);
  if (shells.has(program)) return insideShell(rest);
  return windowsCommand(program, rest);
}

/** The command inside all wrappers; the words themselves without one. */
export function innermostCommand(words: readonly string[]): readonly string[] {
  let inner = words;
  for (let depth = 0; depth < maximumWrappers; depth += 1) {
    const next = unwrapCommand(inner);
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** Parts a command behind the words that only start it, such as `env A=b` or `sudo -E`; what a shell reads stays whole. */
export function splitPrefix(words: readonly string[]): {
  readonly prefix: readonly string[];
  readonly inner: readonly string[];
} {
  let inner = words;
  while (isPrefixProgram(programName(inner[0] ?? "").toLowerCase()) && scriptOf(inner) === undefined) {
    const next = unwrapCommand(inner);
    if (next === undefined) break;
    inner = next;
  }
  return { prefix: words.slice(0, words.length - inner.length), inner };
}

/** What a wrapper takes apart by rules of its own: the script of a shell, the line of cmd, the text of `env -S`. */
export type WrappedScript = { readonly language: "shell" | "windows" | "words"; readonly text: string };

/** The script inside one wrapper; undefined where the inner command stands there word for word. */
export function scriptOf(words: readonly string[]): WrappedScript | undefined {
  const [first = "", ...rest] = words;
  const program = programName(first).toLowerCase();
  if (isPrefixProgram(program)) {
    const split = splitString(rest, prefixPrograms[program] ?? []);
    return split === undefined ? undefined : { language: "words", text: split };
  }
  if (shells.has(program)) {
    const script = shellScript(rest);
    return script === undefined ? undefined : { language: "shell", text: script };
  }
  const inner = windowsCommand(program, rest);
  return inner === undefined ? undefined : { language: "windows", text: inner.join(" ") };
}

function isPrefixProgram(program: string): boolean {
  return Object.hasOwn(prefixPrograms, program);
}

function behindPrefix(words: readonly string[], valueOptions: readonly string[]): readonly string[] | undefined {
  const index = endOfOptions(words, valueOptions);
  const split = splitAt(words, index);
  if (split !== undefined)
    return nonEmpty(withoutAssignments([...(shellCommands(split.text)[0] ?? []), ...split.rest]));
  const start = words[index] === "--" ? index + 1 : index;
  return nonEmpty(withoutAssignments(words.slice(start)));
}

/** Where the command begins: behind options with their values and assignments, or at "--" or -S. */
function endOfOptions(words: readonly string[], valueOptions: readonly string[]): number {
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? "";
    if (word === "--" || isSplitOption(word) || !(word.startsWith("-") || isAssignment(word))) break;
    index += takesNext(word, valueOptions) ? 2 : 1;
  }
  return index;
}

/** "-Eu me" and "--us me" take a word as "-u me" and "--user me" do; in "-ume" it is there already. */
function takesNext(word: string, valueOptions: readonly string[]): boolean {
  if (word.startsWith("--")) return valueOptions.some((option) => option.startsWith(word));
  const letters = word.startsWith("-") ? word.slice(1).split("") : [];
  const first = letters.findIndex((letter) => valueOptions.includes(`-${letter}`));
  return first !== -1 && first === letters.length - 1;
}

function isSplitOption(word: string): boolean {
  return /^(?:-S|--split-string(?:=|$))/.test(word);
}

function splitString(words: readonly string[], valueOptions: readonly string[]): string | undefined {
  return splitAt(words, endOfOptions(words, valueOptions))?.text;
}

/** `env -S "npx -y x" more`, also "-Snpx -y x" and "--split-string=npx -y x". */
function splitAt(
  words: readonly string[],
  index: number,
): { readonly text: string; readonly rest: readonly string[] } | undefined {
  const word = words[index] ?? "";
  if (!isSplitOption(word)) return undefined;
  const joined = word.replace(/^(?:-S|--split-string=?)/, "");
  if (joined !== "") return { text: joined, rest: words.slice(index + 1) };
  return { text: words[index + 1] ?? "", rest: words.slice(index + 2) };
}

function insideShell(words: readonly string[]): readonly string[] | undefined {
  const script = shellScript(words);
  if (script === undefined) return undefined;
  return shellCommands(script)
    .map(withoutAssignments)
    .find(([program]) => program !== undefined && !shellBuiltins.has(program));
}

/** The word behind -c; undefined when something else than options stands before it: then the shell runs that file. */
function shellScript(words: readonly string[]): string | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(word)) return words[index + 1];
    if (!/^[-+]./.test(word)) return undefined;
    // `-o pipefail` and `--rcfile x` take a word.
    if (/^(?:[-+][a-zA-Z]*[oO]|--(?:rcfile|init-file))$/.test(word)) index += 1;
  }
  return undefined;
}

function windowsCommand(program: string, words: readonly string[]): readonly string[] | undefined {
  if (program === "cmd") return behindSwitch(words, /^\/[ckr]$/i);
  if (program === "powershell" || program === "pwsh") return behindSwitch(words, /^[-/]c(?:ommand)?$/i);
  return undefined;
}

function behindSwitch(words: readonly string[], commandSwitch: RegExp): readonly string[] | undefined {
  const index = words.findIndex((word) => commandSwitch.test(word));
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
