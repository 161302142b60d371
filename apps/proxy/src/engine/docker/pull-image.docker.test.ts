import { expect, test } from "vitest";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { until } from "../../testing/until.ts";
import type { BlobFault } from "../testing/loopback-registry.ts";
import { createPullFixture } from "../testing/pull-fixture.ts";

const mebibyte = 1024 * 1024;

function expectNeverBack(progress: readonly PullProgress[]): void {
  const done = progress.map(({ bytesDone }) => bytesDone);
  expect(done).toEqual(done.toSorted((one, other) => one - other));
}

test("a missing image is pulled with progress in bytes per layer, told in the log, and named by its digest", async () => {
  await using fixture = await createPullFixture({ layerBytes: [8 * mebibyte, mebibyte] });
  const { registry, logLines } = fixture;
  const { facts, progress, startedPulls } = await fixture.ensure();
  expect(startedPulls).toBe(1);
  expect(facts).toMatchObject({ wasPulled: true, digest: expect.stringContaining(registry.digest) });
  expect([facts.builtFromHost, facts.warning]).toEqual([undefined, undefined]);
  const last = progress.at(-1);
  expect(last).toMatchObject({ image: registry.image, state: "pulling", layersDone: 2, layersTotal: 2 });
  expect(last?.layers.map(({ status }) => status)).toEqual(["done", "done"]);
  expect(last?.bytesDone).toBe(last?.bytesTotal);
  expect(last?.bytesTotal).toBeGreaterThan(9 * mebibyte);
  expectNeverBack(progress);
  expect(logLines[0]).toBe(`Pulling image ${registry.image}.`);
  expect(logLines.at(-1)).toMatch(/^Pulled image \S+: 9 MiB in \d+\.\d s\.$/);
});

test("progress comes at most four times a second", async () => {
  await using fixture = await createPullFixture({
    layerBytes: [4 * mebibyte],
    fault: { kind: "slow", bytesPerSecond: 3 * mebibyte },
  });
  const startedMs = performance.now();
  const { progress } = await fixture.ensure();
  expect(progress.length).toBeLessThanOrEqual((4 * (performance.now() - startedMs)) / 1_000 + 2);
  expect(progress.length).toBeGreaterThan(2);
});

test("several servers that want one image share one pull", async () => {
  await using fixture = await createPullFixture({ layerBytes: [mebibyte] });
  const both = await Promise.all([fixture.ensure(), fixture.ensure()]);
  expect(both.map(({ facts }) => facts.wasPulled)).toEqual([true, true]);
  expect(fixture.logLines.filter((line) => line.startsWith("Pulled image"))).toHaveLength(1);
});

test("a layer whose connection is cut goes on where it was", async () => {
  await using fixture = await createPullFixture({
    layerBytes: [4 * mebibyte],
    fault: { kind: "cut", afterBytes: 2 * mebibyte },
  });
  const { facts, progress } = await fixture.ensure({
    onProgress: ({ layers }) => {
      if (layers[0]?.status === "waiting" && layers[0].bytesDone > 0) fixture.registry.setFault(undefined);
    },
  });
  expect(facts.wasPulled).toBe(true);
  expectNeverBack(progress);
});

test("an image that the registry does not have says so", async () => {
  await using fixture = await createPullFixture({ layerBytes: [100] });
  const { error } = await fixture.fail({ image: fixture.registry.image.replace("made-up", "nothing") });
  expect(error.detail).toMatchObject({ stage: "image", code: "not_found" });
  expect(error.message).toContain("was not found in the registry 127.0.0.1:");
});

test("a registry that is not there says so", async () => {
  await using fixture = await createPullFixture({ layerBytes: [100] });
  await fixture.registry.close();
  const { error } = await fixture.fail();
  expect(error.detail).toMatchObject({ stage: "image", code: "registry_unreachable" });
  expect(error.message).toMatch(/cannot be reached.*connection refused/s);
});

const silence = { kind: "silent", afterBytes: mebibyte } as const satisfies BlobFault;

test("a registry that falls silent in the middle of a layer ends the pull with that reason", async () => {
  await using fixture = await createPullFixture({ layerBytes: [4 * mebibyte], fault: silence });
  const { error } = await fixture.fail({ stallTimeoutMs: 1_500 });
  expect(error.detail).toMatchObject({ stage: "image", code: "timed_out" });
  expect(error.message).toMatch(/the registry 127\.0\.0\.1:\d+ sent nothing for 1\.5 s after [\d.]+ KiB/);
});

test("a registry that is gone midway ends the pull, however long Docker would still try", async () => {
  await using fixture = await createPullFixture({ layerBytes: [4 * mebibyte], fault: silence });
  const { error } = await fixture.fail({
    stallTimeoutMs: 1_500,
    onProgress: ({ bytesDone }) => void (bytesDone > 0 && fixture.registry.close()),
  });
  expect(error.detail).toMatchObject({ code: "timed_out" });
  expect(error.message).toContain("sent nothing for 1.5 s");
});

test("a pull that is too slow ends at its deadline", async () => {
  await using fixture = await createPullFixture({
    layerBytes: [4 * mebibyte],
    fault: { kind: "slow", bytesPerSecond: 200_000 },
  });
  const { error, progress } = await fixture.fail({ deadlineMs: 2_000 });
  expect(error.detail).toMatchObject({ stage: "image", code: "timed_out" });
  expect(error.message).toContain("was not pulled within 2 s");
  expect(progress.at(-1)?.bytesDone).toBeGreaterThan(0);
  const line = await until("the failure is in the log", () => fixture.logLines.find((text) => text.includes("failed")));
  expect(line).toMatch(/^Pull of image \S+ failed after 2\.\d s: Image \S+ was not pulled within 2 s/);
});

test("bytes that do not match their digest are refused", async () => {
  await using fixture = await createPullFixture({ layerBytes: [mebibyte], fault: { kind: "damaged" } });
  const { error } = await fixture.fail();
  expect(error.detail).toMatchObject({ stage: "image", code: "other" });
  expect(error.message).toContain("is not what its digest promises");
});

test("a pull that nobody waits for any more is stopped in the engine too", async () => {
  await using fixture = await createPullFixture({ layerBytes: [4 * mebibyte], fault: silence });
  const stop = new AbortController();
  const { error } = await fixture.fail({
    signal: stop.signal,
    onProgress: ({ bytesDone }) => void (bytesDone > 0 && stop.abort()),
  });
  expect(error.message).toContain("cancelled");
  // The engine would go on with the layer of the stopped pull, and hang with it, if it had not let it go.
  fixture.registry.setFault(undefined);
  expect((await fixture.ensure()).facts.wasPulled).toBe(true);
});
