import { failureKinds } from "@mcpproxy/core/verdict/fingerprint-failure";
import { expect, test } from "vitest";
import { crashKinds, memoryKinds, startKinds } from "./failure-families.ts";

test("each failure is counted in exactly one tile", () => {
  expect([...memoryKinds, ...crashKinds, ...startKinds].toSorted()).toEqual(failureKinds.toSorted());
});
