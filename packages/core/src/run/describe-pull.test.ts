import { expect, test } from "vitest";
import { describePull, pullShare } from "./describe-pull.ts";
import type { LayerProgress, PullProgress } from "./server-record.ts";

const megabyte = 1024 * 1024;

function pull(layers: readonly Omit<LayerProgress, "id">[], state: PullProgress["state"] = "pulling"): PullProgress {
  return {
    image: "node:20",
    state,
    layersDone: layers.filter(({ status }) => status === "done").length,
    layersTotal: layers.length,
    bytesDone: layers.reduce((sum, layer) => sum + layer.bytesDone, 0),
    bytesTotal: layers.reduce((sum, layer) => sum + layer.bytesTotal, 0),
    layers: layers.map((layer, index) => ({ ...layer, id: `${index}` })),
  };
}

const half = { status: "downloading", bytesDone: 50 * megabyte, bytesTotal: 100 * megabyte } as const;
const unknown = { status: "waiting", bytesDone: 0, bytesTotal: 0 } as const;
const here = { status: "done", bytesDone: 0, bytesTotal: 0 } as const;
const unpacking = { status: "extracting", bytesDone: megabyte, bytesTotal: megabyte } as const;

test.each([
  [pull([], "queued"), "waiting for other pulls"],
  [pull([]), "asking the registry"],
  [pull([unknown, unknown]), "0 of 2 layers"],
  [pull([half, unknown]), "50 MiB, 0 of 2 layers"],
  [pull([half, here]), "50 %, 50 MiB of 100 MiB, 1 of 2 layers"],
  [pull([{ ...unpacking, status: "done" }, here]), "1 MiB, 2 of 2 layers"],
  [pull([unpacking, here]), "extracting 1 MiB, 1 of 2 layers"],
])("%# is told in words", (progress, words) => expect(describePull(progress)).toBe(words));

test("there is no share before all sizes are known, so that it cannot go back", () => {
  expect([pullShare(pull([half, unknown])), pullShare(pull([half, here]))]).toEqual([undefined, 0.5]);
});
