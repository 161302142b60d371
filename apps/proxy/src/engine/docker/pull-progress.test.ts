import { expect, it } from "vitest";
import { createPullProgress } from "./pull-progress.ts";

it("adds the layers of a pull up", () => {
  const track = createPullProgress("node:20");
  expect(track({ status: "Pulling from library/node", id: "20" })).toBeUndefined();
  track({ status: "Already exists", id: "a" });
  track({ status: "Pulling fs layer", id: "b" });
  expect(track({ status: "Downloading", id: "b", progressDetail: { current: 10, total: 100 } })).toEqual({
    image: "node:20",
    layersDone: 1,
    layersTotal: 2,
    bytesDone: 10,
    bytesTotal: 100,
  });
  track({ status: "Download complete", id: "b" });
  expect(track({ status: "Pull complete", id: "b" })).toEqual({
    image: "node:20",
    layersDone: 2,
    layersTotal: 2,
    bytesDone: 100,
    bytesTotal: 100,
  });
});
