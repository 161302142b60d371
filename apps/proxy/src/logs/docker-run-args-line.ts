/** The arguments as the JSON array that users grep for, with a space after each comma: `["run", "-i"]`. */
export function formatDockerRunArgs(args: readonly string[]): string {
  return `[${args.map((argument) => JSON.stringify(argument)).join(", ")}]`;
}
