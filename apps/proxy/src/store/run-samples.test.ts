import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { RunSample } from "@mcpproxy/core/run/run-record";
import { until } from "../testing/until.ts";
import { connectDatabase } from "./connect-database.ts";
import { openStore } from "./open-store.ts";
import { packSamples, unpackSamples } from "./pack-samples.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";
import { thinnedSamplesMax, thinSamples } from "./thin-samples.ts";

const mebibyte = 1024 * 1024;

describe("memory readings", () => {
  test("are there to read at once, before they are on the disk", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    await temporary.store.runs.addSamples(readings(2).map((one) => ({ ...one, runId: run.id })));
    expect(await temporary.store.runs.samples(run.id)).toEqual(readings(2));
  });

  test("are on the disk within moments without anybody asking", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    await temporary.store.runs.addSamples([{ ...reading(0), runId: run.id }]);
    const client = await connectDatabase(temporary.databasePath);
    const row = await until("a row", async () => {
      const { rows } = await client.execute('SELECT "runId" FROM "RunSample"');
      return rows[0];
    });
    expect(row["runId"]).toBe(run.id);
    client.close();
  });

  test("of an ended run are thinned to one row that keeps the peak", async () => {
    await using temporary = await openTemporaryStore();
    const { runs } = temporary.store;
    const run = makeRun();
    await runs.create(run, testOwner);
    const all = readings(1_000).with(617, { ...reading(617), memoryBytes: 900 * mebibyte, peakBytes: 901 * mebibyte });
    await runs.addSamples(all.map((one) => ({ ...one, runId: run.id })));
    await runs.update(run.id, { state: "ended", endedAt: reading(1_001).at });
    const client = await connectDatabase(temporary.databasePath);
    await until("the packed row", async () => {
      const { rows } = await client.execute('SELECT 1 FROM "RunSampleSeries"');
      return rows[0];
    });
    expect((await client.execute('SELECT 1 FROM "RunSample"')).rows).toEqual([]);
    client.close();
    const kept = await runs.samples(run.id);
    expect(kept.length).toBeLessThanOrEqual(thinnedSamplesMax);
    expect(kept.length).toBeGreaterThan(200);
    expect([kept.at(0), kept.at(-1)]).toEqual([all.at(0), all.at(-1)]);
    expect(Math.max(...kept.map(({ peakBytes }) => peakBytes ?? 0))).toBe(901 * mebibyte);
  });

  test("that a crash left unthinned are thinned at the next start, with late ones in order", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun({ state: "ended" });
    await temporary.store.runs.create(run, testOwner);
    await temporary.store.runs.addSamples(readings(3).map((one) => ({ ...one, runId: run.id })));
    await temporary.store.close();
    const store = await openStore({ databasePath: temporary.databasePath, onNotice: () => undefined });
    expect(await store.retention.thinLeftovers()).toBe(1);
    await store.runs.addSamples([{ ...reading(3), runId: run.id }]);
    expect(await store.runs.samples(run.id)).toEqual(readings(4));
    expect(await store.retention.thinLeftovers()).toBe(1);
    expect(await store.retention.thinLeftovers()).toBe(0);
    expect(await store.runs.samples(run.id)).toEqual(readings(4));
    await store.close();
  });
});

test.each([0, 1, 2, 299, 300, 301, 10_000])("thinning %d readings keeps order, ends and peak", (count) => {
  const all = readings(count).map((one, index) => ({ ...one, memoryBytes: (index * 7919) % 10_007 }));
  const kept = thinSamples(all);
  expect(kept.length).toBeLessThanOrEqual(thinnedSamplesMax);
  expect(kept).toEqual(all.filter((one) => kept.includes(one)));
  expect([kept.at(0), kept.at(-1)]).toEqual([all.at(0), all.at(-1)]);
  expect(Math.max(0, ...kept.map(({ memoryBytes }) => memoryBytes))).toBe(
    Math.max(0, ...all.map(({ memoryBytes }) => memoryBytes)),
  );
});

test("packed readings come back as they were, in a few bytes each", () => {
  const all = readings(300).map((one, index) => ({ ...one, peakBytes: index % 3 === 0 ? null : one.memoryBytes }));
  const packed = packSamples(all);
  expect(unpackSamples("run", packed)).toEqual(all);
  expect(packed.length).toBeLessThan(all.length * 12);
});

test("readings that a version without CPU packed are still there", () => {
  const columns = { atMs: [1_000, 1_000], memoryBytes: [5, 1], peakBytes: [-1, 10] };
  const packed = new Uint8Array(deflateRawSync(JSON.stringify(columns)));
  expect(unpackSamples("run", packed)).toEqual([
    { at: "1970-01-01T00:00:01.000Z", memoryBytes: 5, peakBytes: null, cpuCores: null },
    { at: "1970-01-01T00:00:02.000Z", memoryBytes: 6, peakBytes: 9, cpuCores: null },
  ]);
});

function readings(count: number): readonly RunSample[] {
  return Array.from({ length: count }, (_unused, index) => reading(index));
}

function reading(index: number): RunSample {
  return {
    at: new Date(Date.parse("2026-11-23T19:00:00.123Z") + index * 1_003).toISOString(),
    memoryBytes: 60 * mebibyte + index * 4_096,
    peakBytes: index % 2 === 0 ? null : 64 * mebibyte,
    cpuCores: index % 3 === 0 ? null : (index % 1_500) / 1_000,
  };
}
