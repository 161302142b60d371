import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canMountSmallDisk, mountSmallDisk } from "../testing/small-disk.ts";
import { until } from "../testing/until.ts";
import { readLogTail } from "./read-log-tail.ts";
import { RotatingLineWriter, type DropReason } from "./rotating-line-writer.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "mcpproxy-writer-"));
});

afterEach(() => rm(directory, { recursive: true }));

test("rotates to plain names, keeps five files, and the tail reaches into the rotated file", async () => {
  const writer = newWriter({ rotateAtBytes: 1000 });
  for (let index = 0; index < 100; index += 1) {
    writer.write(`line ${index} ${"x".repeat(90)}`);
    await writer.flush();
  }
  writer.write("last");
  await writer.close();
  expect((await readdir(directory)).toSorted()).toEqual(["x.log", "x.log.1", "x.log.2", "x.log.3", "x.log.4"]);
  const tail = await readLogTail(join(directory, "x.log"), 5);
  expect(tail).toHaveLength(5);
  expect(tail.at(-1)).toBe("last");
  expect(tail[0]).toContain("line 96 ");
});

test("a directory that cannot be made is reported once and does not throw", async () => {
  await writeFile(join(directory, "file"), "");
  const errors: Error[] = [];
  const writer = newWriter({ directory: join(directory, "file", "logs"), onError: (error) => errors.push(error) });
  writer.write("one");
  writer.write("two");
  await writer.close();
  expect(errors).toHaveLength(1);
});

test("a file that cannot be opened is reported once and does not throw", async () => {
  const errors: Error[] = [];
  const writer = newWriter({ fileName: ".", onError: (error) => errors.push(error) });
  writer.write("one");
  await writer.flush();
  writer.write("two");
  await writer.close();
  expect(errors).toHaveLength(1);
});

test("appends to the file of the run before", async () => {
  for (const line of ["one", "two"]) {
    const writer = newWriter({});
    writer.write(line);
    await writer.close();
  }
  expect(await readFile(join(directory, "x.log"), "utf8")).toBe("one\ntwo\n");
});

test("a file of the run before that is full already is rotated first", async () => {
  await writeFile(join(directory, "x.log"), "old\n".repeat(500));
  const writer = newWriter({ rotateAtBytes: 1000 });
  writer.write("new");
  await writer.close();
  expect(await readFile(join(directory, "x.log"), "utf8")).toBe("new\n");
  expect(await readFile(join(directory, "x.log.1"), "utf8")).toBe("old\n".repeat(500));
});

test.skipIf(!canMountSmallDisk)(
  "what a full disk does not take waits, is never there in part, and is written when there is space",
  { timeout: 60_000 },
  async () => {
    using disk = mountSmallDisk(1024 * 1024);
    const errors: Error[] = [];
    let recoveries = 0;
    const writer = newWriter({
      directory: disk.directory,
      onError: (error) => errors.push(error),
      onRecovered: () => (recoveries += 1),
    });
    const line = (index: number) => `${index} ${"x".repeat(90)}`;
    writer.write(line(0));
    await writer.flush();
    disk.fill();
    for (let index = 1; index < 2_000; index += 1) writer.write(line(index));
    await writer.flush();
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining("ENOSPC")]);
    expect(writer.trouble).toMatchObject({ message: expect.stringContaining("ENOSPC") });
    const whole = await readFile(join(disk.directory, "x.log"), "utf8");
    expect(whole.endsWith(`${"x".repeat(90)}\n`)).toBe(true);
    disk.free();
    await until("it is written again", () => recoveries || undefined, 30_000);
    await writer.flush();
    const lines = (await readFile(join(disk.directory, "x.log"), "utf8")).split("\n").slice(0, -1);
    expect(lines).toEqual(Array.from({ length: 2_000 }, (_, index) => line(index)));
    expect(writer.trouble).toBeUndefined();
    await writer.close();
  },
);

test.skipIf(!canMountSmallDisk)(
  "beyond its bound a full disk costs lines, which are counted where they are missing",
  { timeout: 60_000 },
  async () => {
    using disk = mountSmallDisk(1024 * 1024);
    let recoveries = 0;
    const writer = newWriter({
      directory: disk.directory,
      pendingLengthMax: 10_000,
      onError: () => undefined,
      onRecovered: () => (recoveries += 1),
    });
    writer.write("first");
    await writer.flush();
    disk.fill();
    writer.write("x".repeat(5_000));
    await writer.flush();
    for (let index = 0; index < 1_000; index += 1) writer.write(`line ${index} ${"x".repeat(90)}`);
    disk.free();
    await until("it is written again", () => recoveries || undefined, 30_000);
    writer.write("last");
    await writer.close();
    const lines = (await readFile(join(disk.directory, "x.log"), "utf8")).split("\n").slice(0, -1);
    const report = lines.at(-2);
    expect([lines[0], report, lines.at(-1)]).toEqual(["first", expect.stringMatching(/^\d+ failed dropped$/), "last"]);
    expect(lines.length - 4 + Number.parseInt(report ?? "", 10)).toBe(1_000);
  },
);

function newWriter(options: {
  directory?: string;
  fileName?: string;
  rotateAtBytes?: number;
  onError?: (error: Error) => void;
  onRecovered?: () => void;
  pendingLengthMax?: number;
}): RotatingLineWriter {
  const formatDropped = (count: number, reason: DropReason) => `${count} ${reason} dropped`;
  return new RotatingLineWriter({ directory, fileName: "x.log", formatDropped, onError: failTest, ...options });
}

function failTest(error: Error): void {
  throw error;
}
