const harmless = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One argument as a POSIX shell reads it back unchanged. */
export function shellQuote(argument: string): string {
  if (harmless.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A whole command line. */
export function shellQuoteAll(words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}

/** The command that creates the same container by hand. */
export function dockerCommand(dockerRunArgs: readonly string[]): string {
  return shellQuoteAll(["docker", ...dockerRunArgs]);
}
