import { serverStates, type ServerState } from "../run/server-record.ts";
import {
  initialStates,
  restingStates,
  runningStates,
  serverEvents,
  serverTransitions,
  type ServerEvent,
} from "./server-machine.ts";

const groups = [
  { name: "with_a_run", states: runningStates },
  { name: "without_a_run", states: restingStates },
] as const;

/** The transition table as a Mermaid state diagram; what holds for a whole group is drawn once. */
export function drawServerStates(): string {
  const lines = groups.flatMap(({ name, states }) => [
    `    state ${name} {`,
    ...states.map((state) => `        ${state}`),
    "    }",
  ]);
  const entries = initialStates.map((state) => `    [*] --> ${state}`);
  return ["stateDiagram-v2", ...lines, ...entries, ...serverEvents.flatMap(drawEvent), ""].join("\n");
}

function drawEvent(event: ServerEvent): readonly string[] {
  return serverStates.flatMap((target) => {
    const sources = serverStates.filter((state) => serverTransitions[state][event] === target);
    return grouped(sources).map((source) => `    ${source} --> ${target}: ${event}`);
  });
}

/** The states that are to be drawn, or the name of a group of which no state is missing. */
function grouped(sources: readonly ServerState[]): readonly string[] {
  const whole = groups.filter(({ states }) => states.every((state) => sources.includes(state)));
  const covered = new Set<ServerState>(whole.flatMap(({ states }) => states));
  return [...whole.map(({ name }) => name), ...sources.filter((state) => !covered.has(state))];
}
