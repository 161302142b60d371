import { describe, expect, test } from "vitest";
import { decideDockerAction, describeAdvice } from "./docker-decision.mjs";

const bareDebian = {
  isLocalEndpoint: true,
  isForbidden: false,
  hasDaemon: false,
  hasSystemd: false,
  hasApt: true,
  isRoot: true,
  canBecomeRoot: false,
  hasTerminal: false,
  isAllowedToInstall: false,
};
const laptop = { ...bareDebian, hasSystemd: true, isRoot: false, canBecomeRoot: true, hasTerminal: true };

describe("what to do when no engine answers", () => {
  test.each([
    ["root without a terminal installs without asking", {}, { kind: "install", shouldAsk: false }],
    ["root on a terminal is asked first", { hasTerminal: true }, { kind: "install", shouldAsk: true }],
    [
      "--yes installs without asking",
      { hasTerminal: true, isAllowedToInstall: true },
      { kind: "install", shouldAsk: false },
    ],
    ["no apt: advice", { hasApt: false }, { kind: "advise", advice: "install" }],
    ["an installed daemon is started by root", { hasDaemon: true }, { kind: "start", way: "daemon", shouldAsk: false }],
    [
      "through systemd where it runs",
      { hasDaemon: true, hasSystemd: true },
      { kind: "start", way: "systemd", shouldAsk: false },
    ],
    [
      "another engine is never replaced by a local one",
      { isLocalEndpoint: false },
      { kind: "advise", advice: "elsewhere" },
    ],
    [
      "a daemon that refuses this user is not started again",
      { isForbidden: true, hasDaemon: true },
      { kind: "advise", advice: "forbidden" },
    ],
  ])("%s", (_name, change, expected) => {
    expect(decideDockerAction({ ...bareDebian, ...change })).toEqual(expected);
  });

  test.each([
    ["a user with sudo is asked", {}, { kind: "install", shouldAsk: true }],
    ["a user with sudo and no terminal gets advice", { hasTerminal: false }, { kind: "advise", advice: "install" }],
    ["a user without sudo gets advice", { canBecomeRoot: false }, { kind: "advise", advice: "install" }],
    [
      "a stopped daemon is started after asking",
      { hasDaemon: true },
      { kind: "start", way: "systemd", shouldAsk: true },
    ],
    [
      "without systemd only root can start it",
      { hasDaemon: true, hasSystemd: false },
      { kind: "advise", advice: "start" },
    ],
  ])("%s", (_name, change, expected) => {
    expect(decideDockerAction({ ...laptop, ...change })).toEqual(expected);
  });
});

test("the advice is three lines and names the engine that was asked", () => {
  const lines = describeAdvice({
    advice: "elsewhere",
    reason: "connection refused",
    source: "context colima",
    endpoint: "unix:///x.sock",
  });
  expect(lines).toHaveLength(3);
  expect(lines.join("\n")).toContain("context colima");
  expect(lines.join("\n")).toContain("unix:///x.sock");
});
