import { posix, win32 } from "node:path";
import type { Environment } from "../environment.ts";
import type { ClientId } from "./client.ts";

export interface ClientLocation {
  /** user: for everything the user does; project: for the folder the command was called in. */
  readonly scope: "user" | "project";
  readonly path: string;
}

export interface ClientPlaces {
  readonly environment: Pick<
    Environment,
    "homeDirectory" | "configHome" | "appDataDirectory" | "claudeConfigDirectory"
  >;
  readonly platform: NodeJS.Platform;
  /** The folder the command was called in. */
  readonly workingDirectory: string;
}

/** Where a client may keep its servers, the usual place of each scope first. */
export function clientLocations(id: ClientId, places: ClientPlaces): readonly ClientLocation[] {
  const { join } = places.platform === "win32" ? win32 : posix;
  const { homeDirectory: home, claudeConfigDirectory } = places.environment;
  const settings = settingsFolder(places);
  const user = (...parts: readonly string[]): ClientLocation => ({ scope: "user", path: join(...parts) });
  const project = (...parts: readonly string[]): ClientLocation => ({
    scope: "project",
    path: join(places.workingDirectory, ...parts),
  });
  switch (id) {
    case "claude-code":
      return [user(claudeConfigDirectory ?? home, ".claude.json"), project(".mcp.json")];
    case "claude-desktop":
      return [user(settings, "Claude", "claude_desktop_config.json")];
    case "cursor":
      return [user(home, ".cursor", "mcp.json"), project(".cursor", "mcp.json")];
    case "vscode":
      return [
        user(settings, "Code", "User", "mcp.json"),
        user(settings, "Code - Insiders", "User", "mcp.json"),
        project(".vscode", "mcp.json"),
      ];
    case "windsurf":
      return [user(home, ".codeium", "windsurf", "mcp_config.json"), user(home, ".codeium", "mcp_config.json")];
    default:
      return id satisfies never;
  }
}

function settingsFolder({ environment, platform }: ClientPlaces): string {
  if (platform === "win32") return environment.appDataDirectory;
  if (platform === "darwin") return posix.join(environment.homeDirectory, "Library", "Application Support");
  return environment.configHome;
}
