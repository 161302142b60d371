import { execFileSync } from "node:child_process";
import { nodeServer, stubborn } from "../testing/proof-servers.ts";
import type { VerdictProof, Victim } from "../verdict-proof.ts";

const plain = ["node", "-e", nodeServer("")] as const;
const docker = (...words: readonly string[]): void => void execFileSync("docker", words);
const stop = ({ proxy, server }: Pick<Victim, "proxy" | "server">) =>
  proxy.api({ method: "POST", path: `/servers/${server}/stop`, body: {} });

/** Ends that somebody wanted: a person, MCPProxy itself, or somebody else who uses the engine. */
export const stopProofs: readonly VerdictProof[] = [
  {
    name: "stopped-by-a-person",
    command: plain,
    provoke: { by: "act", act: async (victim) => void (await stop(victim)) },
    expected: {
      kind: "stopped_by_user",
      confidence: "certain",
      summary: /^Stopped by .+\.$/,
      exitCode: 0,
      evidence: [/^intent: /, /^stop-step: MCPProxy closed stdin/],
    },
  },
  {
    name: "ignores-sigterm",
    command: ["node", "-e", nodeServer("", stubborn)],
    isolation: { stop_timeout: "1s" },
    provoke: { by: "act", act: async (victim) => void (await stop(victim)) },
    expected: {
      kind: "stop_timeout",
      confidence: "certain",
      summary: "Ignored SIGTERM for 1 s, then killed.",
      remedy: /stop_timeout/,
      exitCode: 137,
      evidence: [/^intent: /, /sent SIGTERM/, /sent SIGKILL/],
    },
  },
  {
    name: "idle",
    command: plain,
    isolation: { idle_timeout: "2s" },
    provoke: { by: "act", isQuiet: true, act: async () => undefined },
    expected: { kind: "stopped_by_policy", confidence: "certain", summary: /^Idle for 2 seconds\.$/, exitCode: 0 },
  },
  {
    name: "limit-changed",
    command: plain,
    provoke: {
      by: "act",
      act: async ({ proxy, server }) =>
        void (await proxy.api({
          method: "PATCH",
          path: `/servers/${server}/isolation`,
          body: { memory_limit: "96m" },
        })),
    },
    expected: {
      kind: "stopped_by_policy",
      summary: "Limit changed from 128m to 96m (memory_limit).",
      exitCode: 0,
    },
  },
  {
    name: "config-changed",
    command: plain,
    provoke: {
      by: "act",
      act: async ({ proxy, server }) =>
        void (await proxy.api({ method: "PATCH", path: `/servers/${server}/isolation`, body: { init: false } })),
    },
    expected: { kind: "stopped_by_policy", summary: "Configuration changed: init.", exitCode: 0 },
  },
  {
    name: "docker-kill",
    command: plain,
    provoke: { by: "act", act: async ({ containerId }) => docker("kill", containerId) },
    expected: {
      kind: "killed_outside",
      confidence: "certain",
      summary: "Killed from outside (SIGKILL).",
      exitCode: 137,
      isOomFlagSet: false,
      evidence: [/^event: kill: .*SIGKILL/],
    },
  },
  {
    name: "docker-kill-hup",
    command: plain,
    provoke: { by: "act", act: async ({ containerId }) => docker("kill", "-s", "HUP", containerId) },
    expected: { kind: "killed_outside", summary: "Killed from outside (SIGHUP).", exitCode: 129 },
  },
  {
    name: "docker-stop",
    command: plain,
    provoke: { by: "act", act: async ({ containerId }) => docker("stop", containerId) },
    expected: { kind: "killed_outside", summary: "Stopped from outside (SIGTERM).", exitCode: 143 },
  },
  {
    name: "docker-stop-that-had-to-kill",
    command: ["node", "-e", nodeServer("", stubborn)],
    provoke: { by: "act", act: async ({ containerId }) => docker("stop", "-t", "1", containerId) },
    expected: { kind: "killed_outside", summary: "Stopped from outside (SIGTERM, then SIGKILL).", exitCode: 137 },
  },
  {
    name: "docker-rm",
    command: plain,
    provoke: { by: "act", act: async ({ containerId }) => docker("rm", "-f", containerId) },
    expected: { kind: "killed_outside", summary: "Killed from outside (SIGKILL).", exitCode: 137 },
  },
  {
    name: "docker-restart",
    command: plain,
    provoke: { by: "act", act: async ({ containerId }) => docker("restart", containerId) },
    expected: { kind: "killed_outside", summary: /from outside \(SIGTERM\)\.$/, exitCode: 143 },
  },
  {
    name: "docker-kill-before-initialize",
    command: ["node", "-e", stubborn],
    provoke: { by: "start-then", act: async ({ containerId }) => docker("kill", containerId) },
    expected: { kind: "killed_outside", summary: "Killed from outside (SIGKILL).", exitCode: 137 },
  },
  {
    name: "stopped-before-initialize",
    command: ["node", "-e", "setInterval(() => {}, 1000)"],
    isolation: { stop_timeout: "1s" },
    provoke: { by: "start-then", act: async (victim) => void (await stop(victim)) },
    expected: { kind: "stopped_by_user", summary: /^Stopped by .+\.$/, exitCode: 143 },
  },
  {
    name: "session-closed",
    command: plain,
    isolation: { scope: "session" },
    provoke: { by: "act", isQuiet: true, act: ({ client }) => client.close() },
    expected: { kind: "session_closed", confidence: "certain", summary: /^The client closed its session/, exitCode: 0 },
  },
];
