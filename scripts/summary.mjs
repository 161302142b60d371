import { runCommand } from "./run-command.mjs";
import { proxyCommand, repositoryRoot } from "./workspace.mjs";

const loginDeadlineMs = 20_000;

/**
 * Prints where everything is, with a link that logs the browser in once.
 * @param {{ env: NodeJS.ProcessEnv, url: string, webUrl: string }} facts
 */
export async function printSummary({ env, url, webUrl }) {
  const login = await createLoginUrl(env);
  console.log(`
  MCPProxy is running.

  Dashboard    ${login.url ?? webUrl}
  MCP servers  ${url}/mcp/<server>, for example:
               claude mcp add --transport http everything ${url}/mcp/everything

  ${login.url ? "The dashboard link works once; `node apps/proxy/bin/mcpproxy.mjs login` prints a new one." : login.problem}
  Ctrl-C stops everything.
`);
}

async function createLoginUrl(env) {
  const result = await runCommand({
    command: "node",
    args: [proxyCommand, "login"],
    cwd: repositoryRoot,
    env,
    deadlineMs: loginDeadlineMs,
  });
  const url = /^https?:\/\/\S+$/m.exec(result.text)?.[0];
  if (result.exitCode === 0 && url) return { url };
  return {
    problem: `No login link: ${result.text.trim().split("\n").at(-1)}. Try \`node apps/proxy/bin/mcpproxy.mjs login\`.`,
  };
}
