/**
 * What to do when no Docker engine answers. Pure, so that every case can be tested without a daemon.
 * @typedef {object} DockerSituation
 * @property {boolean} isLocalEndpoint the user's settings point at the default local socket
 * @property {boolean} isForbidden something listens, but this user may not talk to it
 * @property {boolean} hasDaemon dockerd is installed
 * @property {boolean} hasSystemd
 * @property {boolean} hasApt
 * @property {boolean} isRoot
 * @property {boolean} canBecomeRoot sudo is installed
 * @property {boolean} hasTerminal somebody can answer a question
 * @property {boolean} isAllowedToInstall the user said --yes
 *
 * @param {DockerSituation} situation
 * @returns {{ kind: "start" | "install", way?: "systemd" | "daemon", shouldAsk: boolean } | { kind: "advise", advice: string }}
 */
export function decideDockerAction(situation) {
  if (!situation.isLocalEndpoint) return { kind: "advise", advice: "elsewhere" };
  if (situation.isForbidden) return { kind: "advise", advice: "forbidden" };
  const permission = decidePermission(situation);
  if (situation.hasDaemon) return decideStart(situation, permission);
  if (!situation.hasApt) return { kind: "advise", advice: "install" };
  if (permission === "no") return { kind: "advise", advice: "install" };
  return { kind: "install", shouldAsk: permission === "ask" };
}

function decideStart(situation, permission) {
  if (permission === "no") return { kind: "advise", advice: "start" };
  if (situation.hasSystemd)
    return { kind: "start", way: "systemd", shouldAsk: !situation.isRoot && permission === "ask" };
  return situation.isRoot ? { kind: "start", way: "daemon", shouldAsk: false } : { kind: "advise", advice: "start" };
}

/** Root without a terminal and --yes go ahead; on a terminal people are asked; nobody else may change the system. */
function decidePermission({ isRoot, canBecomeRoot, hasTerminal, isAllowedToInstall }) {
  if (!isRoot && !canBecomeRoot) return "no";
  if (isAllowedToInstall) return "yes";
  if (hasTerminal) return "ask";
  return isRoot ? "yes" : "no";
}

const advices = {
  elsewhere: ({ source, endpoint }) =>
    `Your Docker settings (${source}) point at ${endpoint}: start that engine, or run \`docker context use default\`.`,
  forbidden: () => "Docker runs, but this user may not use it: run `sudo usermod -aG docker $USER`, then log in again.",
  start: () =>
    "Docker is installed but not running: run `sudo systemctl start docker` (or start Docker Desktop or Colima).",
  install: () =>
    "Install Docker: Docker Desktop or Colima on macOS, `sudo apt-get install docker.io` on Debian and Ubuntu.",
};

/**
 * The three lines for a person when Docker stays unreachable.
 * @param {{ advice: keyof typeof advices, reason: string, source: string, endpoint: string }} facts
 */
export function describeAdvice(facts) {
  return [
    `Docker cannot be reached (${facts.source}, ${facts.endpoint}): ${facts.reason}`,
    advices[facts.advice](facts),
    "MCPProxy starts without it, refuses isolated servers with this reason, and picks Docker up by itself when it appears.",
  ];
}
