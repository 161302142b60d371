import { existsSync } from "node:fs";
import { hasApt, installPackages, isRoot } from "./apt.mjs";
import { dockerPackages, ensureDocker } from "./docker.mjs";
import { findProgram } from "./find-program.mjs";
import { StepError } from "./step.mjs";

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Brings what the chosen stages need of the machine; what cannot be brought is returned as a reason per need.
 * @param {{ env: NodeJS.ProcessEnv, needs: ReadonlySet<string> }} request
 * @returns {Promise<{ problems: Record<string, string>, startedDaemonPid?: number }>}
 */
export async function bringRequirements({ env, needs }) {
  const problems = {};
  const needsBrowser = needs.has("browser");
  const needsDocker = needsBrowser || needs.has("docker");
  const failure = await installMissing({ needsDocker, needsBrowser });
  if (needsBrowser && !findProgram(...browsers)) {
    problems.browser =
      `no Chromium was found (${browsers.join(", ")}); install one, e.g. apt-get install chromium. ${failure ?? ""}`.trim();
  }
  if (!needsDocker) return { problems };
  const docker = await ensureDocker({ env, isAllowedToInstall: false, hasTerminal: false });
  if (!docker.isReachable) {
    problems.docker = "no Docker engine answers; see the lines above";
    problems.browser ??= problems.docker;
  }
  return { problems, startedDaemonPid: docker.startedDaemonPid };
}

async function installMissing({ needsDocker, needsBrowser }) {
  if (!hasApt() || !isRoot()) return undefined;
  const missing = [
    ...(needsDocker && !findProgram("dockerd") && !process.env.DOCKER_HOST ? dockerPackages : []),
    ...(needsBrowser && !findProgram(...browsers) ? ["chromium", "fonts-liberation"] : []),
    ...((needsDocker || needsBrowser) && !existsSync("/usr/bin/python3") ? ["python3"] : []),
  ];
  if (missing.length === 0) return undefined;
  try {
    await installPackages(missing);
    return undefined;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.log(error.message);
    return "Installing it failed; see the lines above.";
  }
}
