import { eventRows, inspectRow } from "../evidence-rows.ts";
import { endTimeMs, type ExitFacts } from "../exit-facts.ts";
import { sigkill, signalName, sigterm } from "../signals.ts";
import type { Verdict } from "../verdict.ts";

const endingSignals = new Set([1, 2, 3, 6, sigkill, sigterm]);
/** `docker stop` waits 10 s by default, and cleaning up takes its time; an older signal was survived. */
const signalToEndMs = 15_000;

/** Somebody used docker kill, docker stop or docker rm -f: the engine saw the signal, and it was not ours. */
export function killedOutside(facts: ExitFacts): Verdict | undefined {
  if (facts.intent !== undefined) return undefined;
  const endMs = endTimeMs(facts.evidence);
  const kills = facts.outsideKills.filter(
    ({ signal = sigkill, at }) =>
      signal === facts.signal || (endingSignals.has(signal) && endMs - Date.parse(at) <= signalToEndMs),
  );
  const wasStopped =
    facts.evidence.events.some(({ action }) => action === "stop") && facts.evidence.stopSteps.length === 0;
  // docker stop begins with SIGTERM; its own event comes only after the end, often after the verdict.
  const isStop = wasStopped || kills.some(({ signal }) => signal === sigterm);
  const hasEnded = facts.exitCode !== undefined || facts.evidence.containerState === "gone";
  if (!hasEnded || (kills.length === 0 && !wasStopped)) return undefined;
  const signals = [...new Set(kills.map(({ signal = sigkill }) => signalName(signal)))].join(", then ");
  return {
    kind: "killed_outside",
    confidence: "certain",
    summary: `${isStop ? "Stopped" : "Killed"} from outside${signals === "" ? "" : ` (${signals})`}.`,
    remedy:
      "Somebody or something else than MCPProxy ended it, for example docker kill, docker stop, docker rm -f, or Docker itself when it is stopped.",
    evidence: [...eventRows(facts, ["oom", "kill", "die", "stop", "destroy"]), ...inspectRow(facts)],
  };
}
