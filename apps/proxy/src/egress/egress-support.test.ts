import { expect, it } from "vitest";
import { egressSupport } from "./egress-support.ts";

it("supports an engine on this Linux machine", () => {
  expect(egressSupport({ platform: "linux", endpoint: "unix:///var/run/docker.sock" })).toEqual({ state: "supported" });
});

it.each([
  ["darwin", "unix:///var/run/docker.sock", "virtual machine"],
  ["linux", "tcp://192.0.2.9:2376", "not on this machine"],
  ["linux", "ssh://someone@build", "not on this machine"],
  ["linux", "unix:///home/someone/.docker/desktop/docker.sock", "Docker Desktop"],
  ["linux", "unix:///home/someone/.colima/default/docker.sock", "virtual machine"],
  ["linux", "unix:///run/user/1000/docker.sock", "rootless"],
])("refuses %s with %s, and says what to choose instead", (platform, endpoint, words) => {
  expect(egressSupport({ platform, endpoint })).toMatchObject({
    state: "unsupported",
    reason: expect.stringContaining(words),
    remedy: expect.stringContaining('"none"'),
  });
});
