import { expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import { createCpuMeter } from "../cpu-meter.ts";
import { readHostResources } from "./host-resources.ts";

test.skipIf(process.platform !== "linux")("a process that works uses cores, and has a peak", async () => {
  const measureCpu = createCpuMeter();
  const read = () => readHostResources(process.pid, measureCpu);
  expect(await read()).toMatchObject({ cpuCores: null });
  const reading = await until("some of a core was used", async () => {
    // Work, so that the next reading has something to tell.
    for (let count = 0, sum = 0; count < 5_000_000; count += 1) sum += Math.sqrt(count);
    const next = await read();
    return typeof next?.cpuCores === "number" && next.cpuCores > 0 ? next : undefined;
  });
  expect(reading.workingSetBytes).toBeGreaterThan(1_000_000);
  expect(reading.peakBytes).toBeGreaterThanOrEqual(reading.workingSetBytes);
});

test("a process that is gone has no reading", async () => {
  expect(await readHostResources(2 ** 22 + 1, createCpuMeter())).toBeUndefined();
});
