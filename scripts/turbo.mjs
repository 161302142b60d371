import { join } from "node:path";
import { repositoryRoot } from "./workspace.mjs";

/**
 * The command line of `turbo run TASK…`, called through Node because it is quicker than through pnpm.
 * @param {readonly string[]} tasks
 */
export function turboCommand(tasks) {
  const turbo = join(repositoryRoot, "node_modules", "turbo", "bin", "turbo");
  return { command: "node", args: [turbo, "run", ...tasks, "--output-logs=new-only", "--log-order=grouped"] };
}
