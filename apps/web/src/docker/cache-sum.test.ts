import { expect, test } from "vitest";
import { describeCacheSum } from "./cache-sum.ts";

test.each([
  [[{ sizeBytes: 1024 }], "1 cache, 1 KiB"],
  [[{ sizeBytes: 1024 }, { sizeBytes: 2048 }], "2 caches, 3 KiB"],
  [[{ sizeBytes: 1024 }, { sizeBytes: null }], "2 caches, at least 1 KiB"],
  [[{ sizeBytes: null }], "1 cache"],
])("%# is summed up without guessing", (caches, words) => expect(describeCacheSum(caches)).toBe(words));
