import { expect, test } from "vitest";
import { formatBytes } from "./bytes.ts";

test.each([
  [0, "0 B"],
  [512, "512 B"],
  [1024, "1 KiB"],
  [64 * 1024 ** 2, "64 MiB"],
  [1.5 * 1024 ** 3, "1.5 GiB"],
  [1024 ** 3 - 1, "1 GiB"],
  [2 * 1024 ** 4, "2 TiB"],
  [300.4 * 1024 ** 2, "300 MiB"],
])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
