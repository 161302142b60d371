import { execFileSync } from "node:child_process";
import { until } from "../../testing/until.ts";
import { childOf, pidOf } from "../testing/container-processes.ts";
import { nodeServer, pythonServer } from "../testing/proof-servers.ts";
import type { VerdictProof, Victim } from "../verdict-proof.ts";

const plain = ["node", "-e", nodeServer("")] as const;
const limitBytes = 64 * 1024 * 1024;
/** The kernel's peak is read now and then, and the limit is near. */
const patienceMs = 30_000;

const killSilently = (...pids: readonly number[]): void => void execFileSync("kill", ["-9", ...pids.map(String)]);

/** Signals that the engine does not tell of. They are provoked one after the other: two in one second mean something else. */
export const silentKillProofs: readonly VerdictProof[] = [
  {
    name: "sigkill-from-inside",
    command: ["node", "-e", nodeServer(`process.kill(process.pid, "SIGKILL")`)],
    provoke: { by: "call" },
    expected: {
      kind: "sigkill_unknown",
      confidence: "unknown",
      summary: "Killed by SIGKILL, sender unknown.",
      remedy: /dmesg/,
      exitCode: 137,
      isOomFlagSet: false,
      evidence: [/^event: die/, /OOMKilled=false/, /^memory: .*limit 128 MiB/],
    },
  },
  {
    name: "sigkill-from-host",
    command: plain,
    provoke: { by: "act", act: async ({ containerId }) => killSilently(childOf(pidOf(containerId))) },
    expected: { kind: "sigkill_unknown", confidence: "unknown", summary: /sender unknown/, exitCode: 137 },
  },
  {
    name: "sigkill-of-init-from-host",
    command: plain,
    provoke: { by: "act", act: async ({ containerId }) => killSilently(pidOf(containerId)) },
    expected: { kind: "sigkill_unknown", confidence: "unknown", summary: /sender unknown/, exitCode: 137 },
  },
  {
    // What an engine shows that misses its kernel's OOM event (cgroup version 2): a SIGKILL near the limit, no event, no flag.
    name: "sigkill-near-the-limit",
    command: ["python3", "-c", pythonServer(takeNearly(0.98))],
    isolation: { memory_limit: `${limitBytes}` },
    provoke: { by: "act", act: killWhenNearLimit },
    expected: {
      kind: "oom_likely",
      confidence: "likely",
      summary: /^Probably out of memory: killed with 6\d(?:\.\d)? MiB in use, the limit is 64 MiB\.$/,
      remedy: /for example to 128m/,
      exitCode: 137,
      isOomFlagSet: false,
    },
  },
  {
    // What the engine shows when the kernel runs out of memory altogether: containers get a SIGKILL at once, without events.
    name: "sigkill-of-several",
    command: plain,
    provoke: { by: "act", act: killWithNeighbour },
    expected: {
      kind: "host_oom",
      confidence: "likely",
      summary: "The host probably ran out of memory: 1 other container was killed in the same second.",
      remedy: /dmesg/,
      exitCode: 137,
      isOomFlagSet: false,
    },
  },
];

export const neighbour = { name: "neighbour", command: plain };

/** Takes memory until the kernel counts this share of the limit, and keeps it. */
function takeNearly(share: number): string {
  return `kept = []
def usage():
    for path in ("/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes"):
        try: return int(open(path).read())
        except OSError: pass
while usage() < ${Math.round(share * limitBytes)}: kept.append(bytearray(b"x") * (1 << 18))
answer(message["id"], {})`;
}

async function killWhenNearLimit({ proxy, client, server, containerId }: Victim): Promise<void> {
  await client.callTool("break");
  await until(
    "the proxy has seen the peak",
    async () => {
      const { peakMemoryBytes } = await proxy.firstRun(server, () => true);
      return (peakMemoryBytes ?? 0) >= 0.95 * limitBytes || undefined;
    },
    patienceMs,
  );
  killSilently(pidOf(containerId));
}

async function killWithNeighbour({ proxy, containerId }: Victim): Promise<void> {
  await proxy.connect(neighbour.name).initialized;
  const { containerId: other } = await proxy.firstRun(neighbour.name, ({ state }) => state === "ready");
  killSilently(pidOf(containerId), pidOf(other ?? ""));
}
