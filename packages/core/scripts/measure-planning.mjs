import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { planIsolation } from "../src/plan/plan-isolation.ts";

/** Servers as people have them, from a bare one to one with every kind of setting. */
const servers = {
  "npx, defaults": { command: "npx", args: ["-y", "@modelcontextprotocol/server-everything"] },
  "uvx, guide": { command: "uvx", args: ["mcp-server-sqlite", "--db-path", "/path/to/db"] },
  "shell script": { command: "sh", args: ["-c", "cd /app && exec npx -y x"] },
  "docker run": {
    command: "docker",
    args: ["run", "-i", "--rm", "-e", "TOKEN", "mcp-image:latest"],
    isolation: { enabled: false },
  },
  "every setting": {
    command: "npx",
    args: ["-y", "x", "/data/project"],
    env: { TOKEN: "x", REGION: "y" },
    isolation: {
      preset: "strict",
      memory_limit: "1g",
      network_mode: "allowlist",
      allow_hosts: ["registry.npmjs.org"],
      volumes: ["/data/project:/data/project", "/data/cache:/cache:rw"],
      ulimits: { nofile: 1024 },
      extra_args: ["--cap-add=CHOWN"],
    },
  },
};
const paths = new Map(
  ["/data/project", "/data/cache", "/data"].map((path) => [path, { kind: "directory", realPath: path }]),
);
const host = {
  platform: "linux",
  homeDirectory: "/home/me",
  caBundle: { path: "/etc/ssl/certs/ca-certificates.crt", isComplete: true },
  paths,
};
const rounds = 20;
const plansPerRound = 2000;

function measure(entry) {
  const { settings, servers: parsed } = parseConfig(JSON.stringify({ mcpServers: { a: entry } }), "bench.json");
  const input = { server: parsed[0].server, settings, host };
  const figures = Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    for (let index = 0; index < plansPerRound; index += 1) planIsolation(input);
    return ((performance.now() - startedAt) * 1000) / plansPerRound;
  }).toSorted((one, other) => one - other);
  return figures[rounds / 2];
}

const microsecondsPerPlan = Object.fromEntries(Object.entries(servers).map(([name, entry]) => [name, measure(entry)]));
process.stdout.write(`${JSON.stringify(microsecondsPerPlan)}\n`);
