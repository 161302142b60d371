import { expect, it } from "vitest";
import { parseVolume } from "./volume.ts";

it.each([
  ["/data:/data", { hostPath: "/data", containerPath: "/data", isReadOnly: true }],
  ["/data:/data:ro", { hostPath: "/data", containerPath: "/data", isReadOnly: true }],
  ["/my data:/in/side:rw", { hostPath: "/my data", containerPath: "/in/side", isReadOnly: false }],
  ["C:\\data:/data:rw", { hostPath: "C:\\data", containerPath: "/data", isReadOnly: false }],
])("reads %j, read-only unless it says rw", (text, value) => {
  expect(parseVolume(text)).toEqual({ ok: true, value });
});

it.each([
  ["data:/data"],
  ["./x:/x"],
  ["/data:data"],
  ["/data"],
  ["/data:/"],
  ["/data://"],
  ["/a:/b:rx"],
  ["/a:/b:ro:z"],
  [""],
])("refuses %j", (text) => {
  expect(parseVolume(text)).toMatchObject({ ok: false });
});
