const text = `{
  // MCPProxy: every server below runs in a Docker container of its own.
  // Comments and trailing commas are allowed. Changes take effect when you save.

  "listen": "127.0.0.1:8080",

  "docker_isolation": {
    "enabled": true,                    // Master switch
    "memory_limit": "512m",             // Per-container memory limit
    "cpu_limit": "1.0",                 // CPU cores (1.0 = 1 core)
    "timeout": "30s",                   // Container startup timeout, without the pull of the image
    "network_mode": "bridge",           // Docker network mode: bridge, none, host or a network's name
    "default_images": {
      "uvx": "python:3.11",             // Image for uvx commands
      "npx": "node:20",                 // Image for npx commands
      "python": "python:3.11",          // Image for python commands
      "node": "node:20"                 // Image for node commands
    }
  },

  "mcpServers": [
    // A server that shows every feature of MCP; good for a first try.
    {
      "name": "everything",
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-everything"]
    },

    // A small knowledge graph.
    {
      "name": "memory",
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-memory"]
      // "isolation": { "memory_limit": "1g", "network_mode": "none" }
    }
  ]
}
`;

/** The commented config file that a first run writes, with two servers as examples. */
export function firstConfigText(): string {
  return text;
}
