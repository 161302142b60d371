import { expect, it } from "vitest";
import { createPullTracker, parsePullLine } from "./pull-progress.ts";

it("adds the layers of a pull up, by layer and together", () => {
  const tracker = createPullTracker("node:20");
  expect(tracker.add({ status: "Pulling from library/node", id: "20" })).toBe("nothing");
  tracker.add({ status: "Already exists", id: "a" });
  tracker.add({ status: "Pulling fs layer", id: "b" });
  tracker.add({ status: "Downloading", id: "b", progressDetail: { current: 10, total: 100 } });
  expect(tracker.progress).toEqual({
    image: "node:20",
    state: "pulling",
    layersDone: 1,
    layersTotal: 2,
    bytesDone: 10,
    bytesTotal: 100,
    layers: [
      { id: "a", status: "done", bytesDone: 0, bytesTotal: 0 },
      { id: "b", status: "downloading", bytesDone: 10, bytesTotal: 100 },
    ],
  });
  tracker.add({ status: "Download complete", id: "b" });
  expect(tracker.progress).toMatchObject({ bytesDone: 100, layers: [{}, { status: "extracting" }] });
  tracker.add({ status: "Extracting", id: "b", progressDetail: { current: 5, total: 100 } });
  expect(tracker.progress).toMatchObject({ bytesDone: 100, layersDone: 1 });
  tracker.add({ status: "Pull complete", id: "b" });
  expect(tracker.progress).toMatchObject({ bytesDone: 100, bytesTotal: 100, layersDone: 2 });
});

it("never counts back when a layer is tried again from its first byte, but sees that bytes come", () => {
  const tracker = createPullTracker("node:20");
  const download = (current: number) =>
    tracker.add({ status: "Downloading", id: "a", progressDetail: { current, total: 100 } });
  download(60);
  expect(tracker.add({ status: "Retrying in 5 seconds", id: "a", progressDetail: {} })).toBe("changed");
  expect(tracker.add({ status: "Retrying in 1 second", id: "a", progressDetail: {} })).toBe("nothing");
  expect(tracker.progress).toMatchObject({ bytesDone: 60, layers: [{ status: "waiting" }] });
  expect(download(20)).toBe("advanced");
  expect(tracker.progress.bytesDone).toBe(60);
  download(80);
  expect(tracker.progress.bytesDone).toBe(80);
});

it("waits for the registry only while a layer is asked for, downloaded or tried again", () => {
  const tracker = createPullTracker("node:20");
  expect(tracker.isWaitingForRegistry).toBe(true);
  tracker.add({ status: "Waiting", id: "a" });
  expect(tracker.isWaitingForRegistry).toBe(false);
  tracker.add({ status: "Downloading", id: "a", progressDetail: { current: 1, total: 2 } });
  expect(tracker.isWaitingForRegistry).toBe(true);
  tracker.add({ status: "Retrying in 5 seconds", id: "a" });
  expect(tracker.isWaitingForRegistry).toBe(true);
  tracker.add({ status: "Download complete", id: "a" });
  expect(tracker.isWaitingForRegistry).toBe(false);
});

it("reads the lines of the containerd image store, where extraction counts seconds", () => {
  const tracker = createPullTracker("node:20");
  tracker.add(
    parsePullLine('{"status":"Downloading","id":"a","progressDetail":{"current":100,"total":100},"progress":"[=>]"}'),
  );
  tracker.add(parsePullLine('{"status":"Extracting","id":"a","progressDetail":{"current":1,"units":"s"}}'));
  expect(tracker.progress).toMatchObject({ bytesDone: 100, bytesTotal: 100, layers: [{ status: "extracting" }] });
});
