import { expect, it } from "vitest";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { createPullLog } from "./pull-log.ts";

const mebibyte = 1024 * 1024;

function progressOf(percent: number): PullProgress {
  const bytes = { bytesDone: percent * mebibyte, bytesTotal: 100 * mebibyte };
  const layers = [{ id: "a", status: "downloading", ...bytes } as const];
  return { image: "node:20", state: "pulling", layersDone: 0, layersTotal: 1, ...bytes, layers };
}

it("tells the start, each quarter once, and the end with size and time", () => {
  const lines: string[] = [];
  let nowMs = 0;
  const log = createPullLog({ image: "node:20", now: () => nowMs, write: (line) => lines.push(line) });
  for (const percent of [0, 10, 26, 27, 60, 99, 100, 100]) log.progress(progressOf(percent));
  nowMs = 34_200;
  log.finished();
  expect(lines).toEqual([
    "Pulling image node:20.",
    "Pulling image node:20: 26 %, 26 MiB of 100 MiB, 0 of 1 layers.",
    "Pulling image node:20: 60 %, 60 MiB of 100 MiB, 0 of 1 layers.",
    "Pulling image node:20: 99 %, 99 MiB of 100 MiB, 0 of 1 layers.",
    "Pulled image node:20: 100 MiB in 34.2 s.",
  ]);
});

it("tells why a pull failed", () => {
  const lines: string[] = [];
  const log = createPullLog({ image: "node:20", now: () => 0, write: (line) => lines.push(line) });
  log.failed(new Error("the moon is full"));
  expect(lines.at(-1)).toBe("Pull of image node:20 failed after 0.0 s: the moon is full");
});
