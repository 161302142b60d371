import { defineConfig } from "rolldown";

/** The adapter needs only the SQLite half of the libSQL client; the rest costs 60 ms at every start. */
const sqliteOnly = {
  name: "libsql-sqlite-only",
  resolveId: (source: string) =>
    source === "@libsql/client" ? { id: "@libsql/client/sqlite3", external: true } : null,
};

/** BuildKit sessions (grpc, protobuf) are never used and cost 10 MB and 80 ms at every start; ssh2's native helpers are optional. */
const unused = /(?:^@grpc\/|^protobufjs|dockerode\/lib\/buildkit|^\.\/(?:session|buildkit)$|^cpu-features$|\.node$)/;
const dockerodeWithoutBuildKit = {
  name: "dockerode-without-buildkit",
  resolveId: (source: string, importer: string | undefined) =>
    importer !== undefined && /[\\/](?:dockerode|ssh2)[\\/]lib[\\/]/.test(importer) && unused.test(source)
      ? "\0unused"
      : null,
  load: (id: string) => (id === "\0unused" ? "module.exports = undefined;" : null),
};

export default defineConfig({
  // The relay of `mcpproxy stdio` is an entry of its own: clients start it often, and it needs next to nothing.
  input: { mcpproxy: "src/cli/main.ts", "stdio-relay": "src/cli/stdio-entry.ts" },
  platform: "node",
  // jsonc-parser's "main" is UMD, whose requires a bundler cannot see.
  resolve: { mainFields: ["module", "main"] },
  external: [/^@prisma\/client/, "@libsql/client/sqlite3", /^pino/],
  plugins: [sqliteOnly, dockerodeWithoutBuildKit],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
    sourcemap: true,
    cleanDir: true,
  },
});
