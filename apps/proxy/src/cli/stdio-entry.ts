import { readEnvironment } from "../environment.ts";
import { resolvePaths, type PathOptions } from "../paths.ts";
import { relayStdio } from "./relay-stdio.ts";

/**
 * `mcpproxy stdio` without the rest of the program, which takes several times as long to load. Resolves with the exit
 * code; undefined when these arguments are for the whole program: help, errors, and running a server itself.
 */
export async function relayFromCommandLine(argv: readonly string[]): Promise<number | undefined> {
  const [program = "", script = "", command, ...words] = argv;
  const read = command === "stdio" ? readWords(words) : undefined;
  if (read === undefined) return undefined;
  const paths = resolvePaths(read.options, readEnvironment(), process.platform);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return await relayStdio({
    serverName: read.serverName,
    paths,
    alone: [program, ...process.execArgv, script, "stdio", "--alone", ...words],
  });
}

const optionNames: ReadonlyMap<string, keyof PathOptions> = new Map([
  ["--config", "config"],
  ["--data-dir", "dataDir"],
  ["--log-dir", "logDir"],
]);

/** A name, and options for places in any order; undefined for anything else. */
function readWords(
  words: readonly string[],
): { readonly serverName: string; readonly options: PathOptions } | undefined {
  const names: string[] = [];
  const options: [string, string][] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) {
      names.push(word);
      continue;
    }
    const [flag, given] = splitOnce(word);
    const name = optionNames.get(flag);
    const value = given ?? words[(index += 1)];
    if (name === undefined || value === undefined) return undefined;
    options.push([name, value]);
  }
  const [serverName, ...others] = names;
  if (serverName === undefined || others.length > 0) return undefined;
  return { serverName, options: Object.fromEntries(options) };
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf("=");
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
