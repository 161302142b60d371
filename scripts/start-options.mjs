import { resolve } from "node:path";
import { StepError } from "./step.mjs";

/** Flag of `npm start --` → the variable that every mcpproxy command and the dashboard understand. */
const flagVariables = {
  "--config": "MCPPROXY_CONFIG",
  "--data-dir": "MCPPROXY_DATA_DIR",
  "--log-dir": "MCPPROXY_LOG_DIR",
  "--listen": "MCPPROXY_LISTEN",
};
const usage = `npm start -- [options]
  --yes               answer every question with yes (installing or starting Docker)
  --config FILE       config file (default ~/.mcpproxy/mcp_config.json)
  --data-dir FOLDER   database and API key (default ~/.mcpproxy)
  --log-dir FOLDER    log files
  --listen HOST:PORT  address of the proxy (default 127.0.0.1:8080)
The dashboard's port is MCPPROXY_WEB_PORT (default 3000).`;

/**
 * Reads the arguments after `npm start --`.
 * @param {readonly string[]} argv
 * @returns {{ isYes: boolean, isHelp: boolean, variables: Record<string, string> }}
 */
export function parseStartOptions(argv) {
  const options = { isYes: false, isHelp: false, variables: {} };
  const rest = argv.flatMap((argument) => splitAssignment(argument));
  while (rest.length > 0) readFlag({ flag: rest.shift(), rest, options });
  return options;
}

export function startUsage() {
  return usage;
}

function splitAssignment(argument) {
  const match = /^(--[a-z-]+)=(.*)$/s.exec(argument);
  return match ? [match[1], match[2]] : [argument];
}

function readFlag({ flag, rest, options }) {
  if (flag === "--yes" || flag === "-y") options.isYes = true;
  else if (flag === "--help" || flag === "-h") options.isHelp = true;
  else if (flag in flagVariables) options.variables[flagVariables[flag]] = readValue(flag, rest.shift());
  else throw new StepError(`npm start does not know ${flag}.\n\n${usage}`);
}

function readValue(flag, value) {
  if (value === undefined || value === "") throw new StepError(`${flag} needs a value.\n\n${usage}`);
  // The children run in other folders: a relative path means the user's one.
  return flag === "--listen" ? value : resolve(process.env.INIT_CWD ?? process.cwd(), value);
}
