import { proofImage } from "../../isolation-proof/testing/proof-image.ts";
import { nodeServer } from "../testing/proof-servers.ts";
import type { VerdictProof } from "../verdict-proof.ts";

const fine = ["node", "-e", nodeServer("")] as const;
const start = { by: "start" } as const;

/** Programs that never ran, and ones that are no MCP servers. */
export const startProofs: readonly VerdictProof[] = [
  {
    name: "missing-program",
    command: ["no-such-program"],
    provoke: start,
    expected: {
      kind: "start_failed",
      confidence: "certain",
      summary: /no-such-program/,
      remedy: /"image"/,
      exitCode: 127,
    },
  },
  {
    name: "missing-program-without-init",
    command: ["no-such-program"],
    isolation: { init: false },
    provoke: start,
    expected: { kind: "start_failed", summary: /no-such-program/, exitCode: 127 },
  },
  {
    name: "missing-program-of-a-shell",
    command: ["sh", "-c", "no-such-program"],
    provoke: start,
    expected: {
      kind: "start_failed",
      summary: /^Command not found in the image .*: no-such-program\.$/,
      exitCode: 127,
    },
  },
  {
    name: "missing-program-of-the-host",
    command: ["no-such-program"],
    isolation: { enabled: false },
    provoke: start,
    expected: { kind: "start_failed", summary: "Command not found on this machine: no-such-program.", exitCode: 127 },
  },
  {
    name: "not-executable",
    command: ["/etc/passwd"],
    provoke: start,
    expected: { kind: "start_failed", summary: /cannot be executed in the image .*: \/etc\/passwd\.$/, exitCode: 126 },
  },
  {
    name: "not-executable-without-init",
    command: ["/etc/passwd"],
    isolation: { init: false },
    provoke: start,
    expected: { kind: "start_failed", summary: /cannot be executed in the image .*: \/etc\/passwd\.$/, exitCode: 126 },
  },
  {
    name: "missing-device",
    command: fine,
    isolation: { devices: ["/dev/no-such-device"] },
    provoke: start,
    expected: { kind: "start_failed", summary: /no-such-device/, exitCode: 128 },
  },
  {
    name: "missing-network",
    command: fine,
    isolation: { network_mode: "no-such-network" },
    provoke: start,
    expected: { kind: "start_failed", summary: /no-such-network/, exitCode: 128 },
  },
  {
    name: "refused-by-the-docker-command",
    command: ["docker", "run", "-i", "--rm", "-m", "1m", proofImage, "node"],
    env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    provoke: start,
    expected: { kind: "start_failed", summary: /memory limit/i, exitCode: 125 },
  },
  {
    name: "prints-no-json",
    command: ["node", "-e", `console.log("Welcome!"); setInterval(() => console.log("still here"), 200)`],
    isolation: { timeout: "2s", stop_timeout: "1s" },
    provoke: start,
    expected: { kind: "handshake_failed", summary: /^No answer to initialize within 2 s/, exitCode: 143 },
  },
  {
    name: "crashes-before-initialize",
    command: ["node", "-e", `process.kill(process.pid, "SIGSEGV")`],
    provoke: start,
    expected: {
      kind: "handshake_failed",
      summary: /^Exited before initialize by SIGSEGV \(139\) after /,
      exitCode: 139,
    },
  },
  {
    name: "exits-before-initialize",
    command: ["node", "-e", `console.error("Error: API_KEY is required"); process.exit(1)`],
    provoke: start,
    expected: {
      kind: "handshake_failed",
      confidence: "certain",
      summary: /^Exited before initialize with code 1 after .+: Error: API_KEY is required\.$/,
      exitCode: 1,
      evidence: [/^stderr: Error: API_KEY is required/],
    },
  },
  {
    name: "never-answers",
    command: ["node", "-e", "setInterval(() => {}, 1000)"],
    isolation: { timeout: "2s", stop_timeout: "1s" },
    provoke: start,
    expected: {
      kind: "handshake_failed",
      summary: /^No answer to initialize within 2 s/,
      exitCode: 143,
      evidence: [/^handshake: timed out/],
    },
  },
  {
    name: "answers-garbage",
    command: [
      "node",
      "-e",
      `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => console.log(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(line).id, result: "hello" })))`,
    ],
    provoke: start,
    expected: {
      kind: "handshake_failed",
      summary: "Its answer to initialize is not valid MCP: result: Invalid input: expected object, received string.",
      exitCode: 0,
      evidence: [/^handshake: invalid answer/],
    },
  },
  {
    name: "answers-an-error",
    command: [
      "node",
      "-e",
      `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => console.log(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(line).id, error: { code: -32603, message: "no licence" } })))`,
    ],
    provoke: start,
    expected: {
      kind: "handshake_failed",
      summary: "It answered initialize with an error: no licence (-32603).",
      exitCode: 0,
      evidence: [/^handshake: error answer/],
    },
  },
  {
    name: "npm-without-network",
    command: ["npx", "-y", "no-such-package"],
    env: { npm_config_fetch_retries: "0" },
    isolation: { network_mode: "none" },
    provoke: start,
    expected: {
      kind: "package_failed",
      summary: "npm could not reach the registry; network_mode is none.",
      remedy: /"network_mode": "bridge"/,
      exitCode: 1,
    },
  },
];
