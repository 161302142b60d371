import fc from "fast-check";
import { expect, it } from "vitest";
import { containerName, containerSuffix } from "./container-name.ts";
import { ownershipFilters } from "./labels.ts";

it("is mcpproxy, the server and a suffix", () => {
  expect(containerName("everything", "a1b2")).toBe("mcpproxy-everything-a1b2");
  expect(containerName("my server/ü", "a1b2")).toBe("mcpproxy-my-server---a1b2");
});

it("has a suffix of four of a-z0-9 for any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 4 }), (bytes) => /^[a-z0-9]{4}$/.test(containerSuffix(bytes))));
  expect(() => containerSuffix(new Uint8Array(3))).toThrow(RangeError);
});

it("is owned by the labels of one instance", () => {
  expect(ownershipFilters("i1")).toEqual({ label: ["com.mcpproxy.managed=true", "com.mcpproxy.instance=i1"] });
});
