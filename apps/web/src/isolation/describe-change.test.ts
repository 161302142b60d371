import { expect, test } from "vitest";
import { describeChange, nameChange } from "./describe-change.ts";

test("a value that is set reads as it will stand in the file", () => {
  const change = { key: "memory_limit", operation: "set", value: "1g" } as const;
  expect(describeChange(change)).toBe('isolation.memory_limit: "1g"');
  expect(nameChange(change)).toBe("Set memory_limit to 1g");
  expect(describeChange({ key: "enabled", operation: "set", value: true })).toBe("isolation.enabled: true");
});

test("an item that is added shows that the list keeps what it has", () => {
  const change = { key: "volumes", operation: "append", value: "/data:/data:ro" } as const;
  expect(describeChange(change)).toBe('isolation.volumes: [… "/data:/data:ro"]');
  expect(nameChange(change)).toBe("Add /data:/data:ro to volumes");
});
