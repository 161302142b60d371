import { defineConfig } from "rolldown";

/** The adapter needs only the SQLite half of the libSQL client; the rest costs 60 ms at every start. */
const sqliteOnly = {
  name: "libsql-sqlite-only",
  resolveId: (source: string) =>
    source === "@libsql/client" ? { id: "@libsql/client/sqlite3", external: true } : null,
};

export default defineConfig({
  input: { mcpproxy: "src/cli/main.ts" },
  platform: "node",
  // jsonc-parser's "main" is UMD, whose requires a bundler cannot see.
  resolve: { mainFields: ["module", "main"] },
  external: [/^@prisma\/client/, "@libsql/client/sqlite3", "dockerode", /^pino/],
  plugins: [sqliteOnly],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
    sourcemap: true,
    cleanDir: true,
  },
});
