export const clientIds = ["claude-code", "claude-desktop", "cursor", "vscode", "windsurf"] as const;
export type ClientId = (typeof clientIds)[number];

/** How one client writes its servers. */
export interface Client {
  readonly id: ClientId;
  readonly title: string;
  /** The key of the map from name to server. */
  readonly serversKey: "mcpServers" | "servers";
  /** The key of an HTTP address; null where the file knows only commands. */
  readonly urlKey: "url" | "serverUrl" | null;
  /** True where each entry says "type": "http" or "stdio". */
  readonly hasTypes: boolean;
  /** What makes the client read its file again. */
  readonly reload: string;
}

const clients: Readonly<Record<ClientId, Client>> = {
  "claude-code": {
    id: "claude-code",
    title: "Claude Code",
    serversKey: "mcpServers",
    urlKey: "url",
    hasTypes: true,
    reload: "Start a new session of Claude Code; /mcp in it lists the servers.",
  },
  "claude-desktop": {
    id: "claude-desktop",
    title: "Claude Desktop",
    serversKey: "mcpServers",
    urlKey: null,
    hasTypes: false,
    reload: "Quit Claude Desktop and start it again; closing its window is not enough.",
  },
  cursor: {
    id: "cursor",
    title: "Cursor",
    serversKey: "mcpServers",
    urlKey: "url",
    hasTypes: false,
    reload: "Cursor reads the file again by itself; its settings list the servers under MCP.",
  },
  vscode: {
    id: "vscode",
    title: "VS Code",
    serversKey: "servers",
    urlKey: "url",
    hasTypes: true,
    reload: 'Run "MCP: List Servers" in VS Code to start the servers.',
  },
  windsurf: {
    id: "windsurf",
    title: "Windsurf",
    serversKey: "mcpServers",
    urlKey: "serverUrl",
    hasTypes: false,
    reload: "Press Refresh in Windsurf's list of MCP servers.",
  },
};

export function clientOf(id: ClientId): Client {
  return clients[id];
}

export function isClientId(text: string): text is ClientId {
  return clientIds.some((id) => id === text);
}
