const operators = new Set(["&&", "||", ";", "|", "&", "\n", "(", ")"]);
/** Words of a POSIX shell script: quoted and escaped pieces, operators, everything between blanks. */
const tokens = /&&|\|\||[;|&\n()]|(?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s;|&()"'\\])+/g;

/** Splits a shell script into its simple commands, each a list of words without quotes. Expansions stay as they are. */
export function shellCommands(script: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [token] of script.matchAll(tokens)) {
    if (operators.has(token)) commands.push([]);
    else commands.at(-1)?.push(unquote(token));
  }
  return commands.filter((words) => words.length > 0);
}

function unquote(token: string): string {
  return token.replaceAll(/"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]/g, (piece) => {
    if (piece.startsWith("'")) return piece.slice(1, -1);
    if (piece.startsWith("\\")) return piece.slice(1);
    return piece.slice(1, -1).replaceAll(/\\(["\\$`])/g, "$1");
  });
}
