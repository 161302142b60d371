import { expect, it } from "vitest";
import { readEnvironment } from "../environment.ts";
import { clientIds, type ClientId } from "./client.ts";
import { clientLocations } from "./client-locations.ts";

const homes = { linux: "/home/me", darwin: "/Users/me", win32: "C:\\Users\\me" } as const;
const settings = {
  linux: "/home/me/.config",
  darwin: "/Users/me/Library/Application Support",
  win32: "C:\\Users\\me\\AppData\\Roaming",
} as const;

function pathsOf(id: ClientId, platform: keyof typeof homes, variables: Record<string, string> = {}) {
  const home = homes[platform];
  const environment = readEnvironment({ HOME: home, ...variables });
  const workingDirectory = platform === "win32" ? "C:\\work" : "/work";
  return clientLocations(id, {
    // Tests run on one system; what Node joins there has its slashes.
    environment: { ...environment, appDataDirectory: variables["APPDATA"] ?? settings.win32 },
    platform,
    workingDirectory,
  }).map(({ path }) => path);
}

it.each([
  ["claude-code", "linux", ["/home/me/.claude.json", "/work/.mcp.json"]],
  ["claude-code", "win32", ["C:\\Users\\me\\.claude.json", "C:\\work\\.mcp.json"]],
  ["claude-desktop", "linux", [`${settings.linux}/Claude/claude_desktop_config.json`]],
  ["claude-desktop", "darwin", [`${settings.darwin}/Claude/claude_desktop_config.json`]],
  ["claude-desktop", "win32", [`${settings.win32}\\Claude\\claude_desktop_config.json`]],
  ["cursor", "darwin", ["/Users/me/.cursor/mcp.json", "/work/.cursor/mcp.json"]],
  [
    "vscode",
    "linux",
    [
      `${settings.linux}/Code/User/mcp.json`,
      `${settings.linux}/Code - Insiders/User/mcp.json`,
      "/work/.vscode/mcp.json",
    ],
  ],
  [
    "vscode",
    "win32",
    [
      `${settings.win32}\\Code\\User\\mcp.json`,
      `${settings.win32}\\Code - Insiders\\User\\mcp.json`,
      "C:\\work\\.vscode\\mcp.json",
    ],
  ],
  ["windsurf", "linux", ["/home/me/.codeium/windsurf/mcp_config.json", "/home/me/.codeium/mcp_config.json"]],
] as const)("%s on %s", (id, platform, expected) => {
  expect(pathsOf(id, platform)).toEqual(expected);
});

it("follows the variables that move the folders", () => {
  expect(pathsOf("claude-code", "linux", { CLAUDE_CONFIG_DIR: "/cc" })[0]).toBe("/cc/.claude.json");
  expect(pathsOf("claude-desktop", "linux", { XDG_CONFIG_HOME: "/xdg" })).toEqual([
    "/xdg/Claude/claude_desktop_config.json",
  ]);
  expect(pathsOf("claude-desktop", "win32", { APPDATA: "D:\\r" })).toEqual([
    "D:\\r\\Claude\\claude_desktop_config.json",
  ]);
});

it("knows a place for every client everywhere", () => {
  for (const id of clientIds)
    for (const platform of ["linux", "darwin", "win32"] as const) expect(pathsOf(id, platform)).not.toEqual([]);
});
