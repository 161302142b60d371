import { expect, it } from "vitest";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { createPlainBoard, createTerminalBoard } from "./pull-board.ts";

const mebibyte = 1024 * 1024;

function progressOf(image: string, tenths: number, state: PullProgress["state"] = "pulling"): PullProgress {
  const bytes = { bytesDone: tenths * mebibyte, bytesTotal: 10 * mebibyte };
  const layers = [{ id: "a", status: "downloading", ...bytes } as const];
  return { image, state, layersDone: 0, layersTotal: 1, ...bytes, layers };
}

it("keeps one line per image at the bottom of a terminal", () => {
  const written: string[] = [];
  const board = createTerminalBoard({ columns: 40, write: (text) => written.push(text) });
  board.show(progressOf("a:1", 1));
  board.show(progressOf("b:1", 0, "queued"));
  board.print(() => written.push("said\n"));
  expect(written.slice(-4)).toEqual([
    "\u001B[2A\u001B[J",
    "said\n",
    "  a:1: 10 %, 1 MiB of 10 MiB, 0 of 1 la\n",
    "  b:1: waiting for other pulls\n",
  ]);
  board.drop("a:1");
  expect(written.slice(-2)).toEqual(["\u001B[2A\u001B[J", "  b:1: waiting for other pulls\n"]);
});

it("prints plain lines elsewhere: a wait, the start and each tenth once", () => {
  const lines: string[] = [];
  const board = createPlainBoard((line) => lines.push(line));
  board.show(progressOf("a:1", 0, "queued"));
  for (const tenths of [0, 0, 2, 2.5, 3]) board.show(progressOf("a:1", tenths));
  expect(lines).toEqual([
    "  a:1: waiting for other pulls",
    "Pulling a:1 …",
    "  a:1: 20 %, 2 MiB of 10 MiB, 0 of 1 layers",
    "  a:1: 30 %, 3 MiB of 10 MiB, 0 of 1 layers",
  ]);
});
