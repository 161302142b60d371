import { readdirSync, readFileSync } from "node:fs";
import { classifyExit } from "@mcpproxy/core/verdict/classify-exit";
import type { EngineEvent, ExitEvidence, StopIntent, StopStep } from "@mcpproxy/core/verdict/exit-evidence";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { toWorkloadEnd } from "../engine/docker/container-end.ts";
import { createEventLog } from "../engine/docker/event-log.ts";
import { toContainerState } from "../engine/docker/inspect-outcome.ts";
import { parseContainerEvent } from "../engine/docker/parse-event.ts";

const folder = new URL("fixtures/", import.meta.url);
const intentSchema = z.object({
  at: z.string(),
  actor: z.string(),
  reason: z.object({ kind: z.literal("user") }),
}) satisfies z.ZodType<StopIntent>;
const stepSchema = z.object({
  at: z.string(),
  step: z.enum(["stdin-closed", "sigterm", "sigkill"]),
}) satisfies z.ZodType<StopStep>;
const recordingSchema = z.object({
  name: z.string(),
  memoryLimitBytes: z.number(),
  peakBytes: z.number().optional(),
  intents: z.array(intentSchema).default([]),
  stopSteps: z.array(stepSchema).default([]),
  /** As `docker events` prints them, and the part of `docker inspect` that counts; null when the container was gone. */
  events: z.array(z.unknown()),
  inspect: z.unknown(),
  expected: z.object({ kind: z.enum(verdictKinds), confidence: z.enum(["certain", "likely", "unknown"]) }),
});
const fixtureSchema = z.object({
  engine: z.string(),
  cgroup: z.number(),
  source: z.string(),
  recordings: z.array(recordingSchema),
});

const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ name, ...fixtureSchema.parse(JSON.parse(readFileSync(new URL(name, folder), "utf8"))) }));

/** Through the same parsers as what a live engine says. */
function evidenceOf(recording: z.infer<typeof recordingSchema>, lines: readonly string[]): ExitEvidence {
  const log = createEventLog();
  for (const line of lines) {
    const event = parseContainerEvent(line);
    if (event !== undefined) log.add(event);
  }
  const { peakBytes, memoryLimitBytes: limitBytes, intents, stopSteps } = recording;
  const facts =
    recording.inspect === null
      ? ({ state: "gone", isOomFlagSet: false } as const)
      : toContainerState(recording.inspect);
  const isStarted = log.has("start");
  const startedAt = firstOf(log.events, "start") ?? firstOf(log.events, "create") ?? "";
  return {
    isolation: "docker",
    command: ["no-such-program"],
    image: "node:20",
    startedAt,
    ...(isStarted ? { readyAt: startedAt } : {}),
    ...toWorkloadEnd({ facts, log }),
    intents,
    stopSteps,
    memory: { limitBytes, ...(peakBytes === undefined ? {} : { peakBytes }) },
    stderrTail: [],
    otherDeathsInSameSecond: 0,
    isSessionScoped: false,
    stopTimeoutMs: 5_000,
  };
}

function firstOf(events: readonly EngineEvent[], action: EngineEvent["action"]): string | undefined {
  return events.find((event) => event.action === action)?.at;
}

describe.each(fixtures)("Docker $engine, cgroup version $cgroup", ({ name, engine, cgroup, recordings }) => {
  test("the file is named after its engine", () => {
    const release = engine.split(".").slice(0, 2).join(".");
    expect(name).toBe(`docker-${release}-cgroup-v${cgroup}.json`);
  });

  test.each(recordings)("$name: $expected.kind", (recording) => {
    const lines = recording.events.map((event) => JSON.stringify(event));
    expect(classifyExit(evidenceOf(recording, lines))).toMatchObject(recording.expected);
  });

  test.each(recordings)("$name: the same from events that come in another order, and twice", (recording) => {
    const lines = recording.events.map((event) => JSON.stringify(event));
    const { kind, summary } = classifyExit(evidenceOf(recording, lines));
    const disordered = [...lines.toReversed(), ...lines];
    expect(classifyExit(evidenceOf(recording, disordered))).toMatchObject({ kind, summary });
  });
});
