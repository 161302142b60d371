/** The programs whose default image MCPProxy knows, and the container engines that it never wraps. */
export const runtimes = [
  "npx",
  "npm",
  "node",
  "pnpm",
  "yarn",
  "bun",
  "bunx",
  "deno",
  "uvx",
  "uv",
  "python",
  "pip",
  "pipx",
  "go",
  "cargo",
  "ruby",
  "gem",
  "php",
  "composer",
  "java",
  "dotnet",
  "sh",
  "bash",
] as const;

export type Runtime = (typeof runtimes)[number] | "custom";
