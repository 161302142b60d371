import { expect, test } from "vitest";
import { nextMemoryLimit } from "./next-memory-limit.ts";

const mebibyte = 1024 ** 2;

test.each([
  [8, "32m"],
  [64, "128m"],
  [128, "256m"],
  [200, "512m"],
  [300, "768m"],
  [512, "1g"],
  [768, "1.5g"],
  [1_000, "2g"],
  [1_024, "2g"],
  [1_536, "3g"],
  [4_096, "8g"],
])("after %d MiB comes %s", (mebibytes, setting) => expect(nextMemoryLimit(mebibytes * mebibyte)).toBe(setting));
