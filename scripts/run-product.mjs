import { createConnection } from "node:net";
import { join } from "node:path";
import { startChild } from "./child-process.mjs";
import { StepError } from "./step.mjs";
import { printSummary } from "./summary.mjs";
import { waitUntil } from "./wait-until.mjs";
import { proxyCommand, repositoryRoot, webFolder } from "./workspace.mjs";

const readyDeadlineMs = 60_000;
/** Longer than the proxy takes for servers that ignore every stop step. */
const proxyStopDeadlineMs = 90_000;
const dashboardStopDeadlineMs = 5_000;
const listeningLine = /MCPProxy is listening on (http:\/\/\S+)/;

/**
 * Runs the proxy and the dashboard until Ctrl-C or until one of them ends; resolves with the exit code.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
export async function runProduct(env) {
  const webPort = readWebPort(env);
  await refuseUsedPort(webPort);
  const stopping = createStopSwitch();
  const children = [];
  try {
    const { proxy, url } = await startProxy({ env, children, stopping });
    const dashboard = await startDashboard({ env, webPort, url, children, stopping });
    if (!stopping.isRequested()) await printSummary({ env, url, webUrl: `http://127.0.0.1:${webPort}` });
    const firstEnd = await Promise.race([stopping.requested, endOf(proxy), endOf(dashboard)]);
    return await stopInOrder({ children, firstEnd });
  } catch (error) {
    await stopInOrder({ children, firstEnd: { signal: "SIGTERM" } });
    throw stopping.isRequested() ? new StepError("Stopped while starting.") : error;
  } finally {
    stopping.dispose();
  }
}

function readWebPort(env) {
  const port = Number(env.MCPPROXY_WEB_PORT || 3000);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StepError(`MCPPROXY_WEB_PORT is "${env.MCPPROXY_WEB_PORT}"; it must be a port between 1 and 65535.`);
}

async function refuseUsedPort(port) {
  if (!(await isPortAnswering(port))) return;
  throw new StepError(
    `Port ${port} is in use, the dashboard cannot start. Stop what uses it, or choose another: MCPPROXY_WEB_PORT=${port + 1} npm start`,
  );
}

function isPortAnswering(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const answer = (isAnswering) => {
      socket.destroy();
      resolve(isAnswering);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.setTimeout(2_000, () => answer(false));
  });
}

/** The first SIGINT, SIGTERM or SIGHUP asks for the stop; further ones change nothing. */
function createStopSwitch() {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  let isRequested = false;
  let resolveRequested;
  const requested = new Promise((resolve) => (resolveRequested = resolve));
  const onSignal = (signal) => {
    if (isRequested) return;
    isRequested = true;
    console.log("\n  Stopping MCPProxy and its containers …");
    resolveRequested({ signal: signal === "SIGHUP" ? "SIGTERM" : signal });
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    requested,
    isRequested: () => isRequested,
    dispose() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

async function startProxy({ env, children, stopping }) {
  let url;
  const onLine = (line) => (url ??= listeningLine.exec(line)?.[1]);
  const proxy = startChild({
    name: "MCPProxy",
    command: "node",
    args: [proxyCommand, "serve"],
    cwd: repositoryRoot,
    env,
    onLine,
  });
  children.push(proxy);
  await waitUntil({
    isTrue: async () => url !== undefined,
    shouldGiveUp: () => stopping.isRequested() || !proxy.isRunning(),
    deadlineMs: readyDeadlineMs,
  });
  if (url !== undefined) return { proxy, url };
  throw new StepError(await describeEarlyEnd(proxy));
}

async function startDashboard({ env, webPort, url, children, stopping }) {
  const dashboard = startChild({
    name: "The dashboard",
    command: "node",
    args: [
      join(webFolder, "node_modules", "next", "dist", "bin", "next"),
      "start",
      "-H",
      "127.0.0.1",
      "-p",
      String(webPort),
    ],
    cwd: webFolder,
    env: { ...env, NODE_ENV: "production", MCPPROXY_URL: reachableUrl(url) },
    isQuiet: true,
  });
  children.push(dashboard);
  const isUp = await waitUntil({
    isTrue: () => isPortAnswering(webPort),
    shouldGiveUp: () => stopping.isRequested() || !dashboard.isRunning(),
    deadlineMs: readyDeadlineMs,
  });
  if (isUp) return dashboard;
  throw new StepError(await describeEarlyEnd(dashboard));
}

/** A proxy that listens on every address is reached over loopback. */
function reachableUrl(url) {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

async function describeEarlyEnd(child) {
  const reason = child.isRunning() ? `did not get ready within ${readyDeadlineMs / 1_000} s` : (await child.ended).text;
  return `${child.hiddenOutput()}\n${child.name} ${reason}.`;
}

async function endOf(child) {
  return { child, end: await child.ended };
}

/** The proxy first, because it stops its containers; the dashboard shows that until the proxy is gone. */
async function stopInOrder({ children, firstEnd }) {
  if (firstEnd.child)
    console.error(
      `\n${firstEnd.child.hiddenOutput()}${firstEnd.child.name} ${firstEnd.end.text} by itself; stopping the rest.`,
    );
  const [proxy, dashboard] = children;
  const proxyEnd = await proxy?.stop({ signal: firstEnd.signal ?? "SIGTERM", deadlineMs: proxyStopDeadlineMs });
  await dashboard?.stop({ signal: "SIGTERM", deadlineMs: dashboardStopDeadlineMs });
  if (firstEnd.child) return firstEnd.end.code || 1;
  if (proxyEnd?.code === 0) console.log("  Everything is stopped.");
  else console.error(`MCPProxy ${proxyEnd?.text} while stopping.`);
  return proxyEnd?.code ?? 1;
}
