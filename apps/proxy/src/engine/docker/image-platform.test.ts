import { expect, it } from "vitest";
import { isOfPlatform } from "./image-platform.ts";

it.each([
  [undefined, true],
  ["linux", true],
  ["linux/arm64", true],
  ["linux/arm64/v8", true],
  ["linux/arm64/v9", false],
  ["linux/amd64", false],
  ["windows/arm64", false],
])("an image for linux/arm64/v8 serves %s: %s", (platform, isServed) => {
  expect(isOfPlatform({ Os: "linux", Architecture: "arm64", Variant: "v8" }, platform)).toBe(isServed);
});

it("takes an image without a variant for any variant", () => {
  expect(isOfPlatform({ Os: "linux", Architecture: "arm64", Variant: "" }, "linux/arm64/v8")).toBe(true);
});
