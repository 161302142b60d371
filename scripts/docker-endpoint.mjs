import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.mjs";
import { runCommand } from "./run-command.mjs";

export const localSocket = "unix:///var/run/docker.sock";
const answerDeadlineMs = 5_000;

/**
 * Which engine the user's Docker settings point at: DOCKER_HOST, DOCKER_CONTEXT, the current context, the local socket.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ source: string, endpoint: string }}
 */
export function findDockerEndpoint(env) {
  if (env.DOCKER_HOST) return { source: "DOCKER_HOST", endpoint: env.DOCKER_HOST };
  const configFolder = env.DOCKER_CONFIG || join(homedir(), ".docker");
  const context = env.DOCKER_CONTEXT || readJson(join(configFolder, "config.json"))?.currentContext || "default";
  if (context === "default") return { source: "context default", endpoint: localSocket };
  const folder = createHash("sha256").update(context).digest("hex");
  const meta = readJson(join(configFolder, "contexts", "meta", folder, "meta.json"));
  return { source: `context ${context}`, endpoint: meta?.Endpoints?.docker?.Host ?? localSocket };
}

/**
 * Asks the engine for its version: through the docker command when there is one, else on its socket.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ isReachable: true, version: string } | { isReachable: false, isForbidden: boolean, reason: string }>}
 */
export async function askEngine(env) {
  const docker = findProgram("docker");
  return docker ? askThroughCommand(docker, env) : askOnSocket(findDockerEndpoint(env).endpoint);
}

async function askThroughCommand(docker, env) {
  const args = ["version", "--format", "{{.Server.Version}}"];
  const result = await runCommand({ command: docker, args, env, deadlineMs: answerDeadlineMs });
  const text = result.text.trim();
  if (result.exitCode === 0 && text !== "") return { isReachable: true, version: text.split("\n").at(-1) };
  const reason = result.isTimedOut ? `no answer within ${answerDeadlineMs / 1_000} s` : text.split("\n").at(-1);
  return { isReachable: false, isForbidden: /permission denied/i.test(text), reason };
}

function askOnSocket(endpoint) {
  const target = connectionOptions(endpoint);
  const unreachable = (error) => ({ isReachable: false, isForbidden: error.code === "EACCES", reason: error.message });
  if (!target)
    return unreachable(new Error(`Only the docker command can connect to ${endpoint}, and it is not installed.`));
  return new Promise((resolve) => {
    const call = request({ ...target, path: "/version", timeout: answerDeadlineMs }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () => resolve(readVersion(body)));
    });
    call.on("timeout", () => call.destroy(new Error(`no answer within ${answerDeadlineMs / 1_000} s`)));
    call.on("error", (error) => resolve(unreachable(error)));
    call.end();
  });
}

function readVersion(body) {
  try {
    return { isReachable: true, version: JSON.parse(body).Version };
  } catch {
    return { isReachable: false, isForbidden: false, reason: "Something else than Docker answers there." };
  }
}

function connectionOptions(endpoint) {
  if (endpoint.startsWith("unix://")) return { socketPath: endpoint.slice("unix://".length), host: "docker" };
  if (!endpoint.startsWith("tcp://")) return undefined;
  const url = new URL(endpoint.replace("tcp:", "http:"));
  return { host: url.hostname, port: url.port || 2375 };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // absent or unreadable: Docker's own defaults hold
  }
}
