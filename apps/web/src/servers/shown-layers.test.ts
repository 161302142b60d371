import type { LayerProgress } from "@mcpproxy/core/run/server-record";
import { expect, test } from "vitest";
import { shownLayers } from "./shown-layers.ts";

function layer(id: string, status: LayerProgress["status"]): LayerProgress {
  return { id, status, bytesDone: 0, bytesTotal: 0 };
}

test("what is being downloaded comes first, what is done needs no line", () => {
  const layers = [layer("a", "done"), layer("b", "waiting"), layer("c", "extracting"), layer("d", "downloading")];
  expect(shownLayers(layers).layers.map(({ id }) => id)).toEqual(["d", "c", "b"]);
});

test("layers that do not fit are counted", () => {
  const { layers, leftOut } = shownLayers(Array.from({ length: 9 }, (_, index) => layer(String(index), "waiting")));
  expect([layers.length, leftOut]).toEqual([6, 3]);
});
