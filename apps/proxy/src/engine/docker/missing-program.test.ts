import { classifyExit } from "@mcpproxy/core/verdict/classify-exit";
import { expect, it } from "vitest";
import { missingProgramError } from "./missing-program.ts";

it("becomes the verdict start_failed with its own sentence and remedy", () => {
  const { message, detail } = missingProgramError({ image: "python:3.11", program: "uvx" });
  expect(detail).toEqual({ stage: "start", exitCode: 127 });
  const at = "2026-01-01T00:00:00.000Z";
  const verdict = classifyExit({
    isolation: "docker",
    command: ["uvx", "x"],
    image: "python:3.11",
    startedAt: at,
    endedAt: at,
    containerState: "created",
    isOomFlagSet: false,
    events: [],
    intents: [],
    stopSteps: [],
    stderrTail: [],
    memory: {},
    otherDeathsInSameSecond: 0,
    isSessionScoped: false,
    stopTimeoutMs: 1_000,
    failure: { stage: "start", message, exitCode: 127 },
  });
  expect(verdict).toMatchObject({
    kind: "start_failed",
    summary: 'The image python:3.11 has no "uvx".',
    remedy: expect.stringContaining("ghcr.io/astral-sh/uv"),
  });
});
