import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLogTail } from "./read-log-tail.ts";
import { RotatingLineWriter } from "./rotating-line-writer.ts";

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

function newWriter(options: {
  directory?: string;
  fileName?: string;
  rotateAtBytes?: number;
  onError?: (error: Error) => void;
}): RotatingLineWriter {
  const formatDropped = (count: number) => `${count} dropped`;
  return new RotatingLineWriter({ directory, fileName: "x.log", formatDropped, onError: failTest, ...options });
}

function failTest(error: Error): void {
  throw error;
}
