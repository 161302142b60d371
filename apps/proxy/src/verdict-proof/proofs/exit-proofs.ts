import { nodeServer } from "../testing/proof-servers.ts";
import type { VerdictProof } from "../verdict-proof.ts";

/** Ends that the server brings about itself. */
export const exitProofs: readonly VerdictProof[] = [
  {
    name: "segmentation-fault",
    command: ["node", "-e", nodeServer(`process.kill(process.pid, "SIGSEGV")`)],
    provoke: { by: "call" },
    expected: { kind: "crashed_signal", confidence: "certain", summary: "Crashed: SIGSEGV (139).", exitCode: 139 },
  },
  {
    name: "abort",
    command: ["node", "-e", nodeServer(`process.abort()`)],
    provoke: { by: "call" },
    expected: { kind: "crashed_signal", summary: "Crashed: SIGABRT (134).", exitCode: 134 },
  },
  {
    name: "exit-3",
    command: ["node", "-e", nodeServer(`console.error("Error: the disk is full"); process.exit(3)`)],
    provoke: { by: "call" },
    expected: {
      kind: "app_error",
      confidence: "certain",
      summary: /^Exited with code 3/,
      exitCode: 3,
      evidence: [/^event: die.*exit code 3/, /^stderr: Error: the disk is full/],
    },
  },
  {
    name: "exit-0",
    command: ["node", "-e", nodeServer(`process.exit(0)`)],
    provoke: { by: "call" },
    expected: { kind: "completed", confidence: "certain", summary: "Exited with code 0 on its own.", exitCode: 0 },
  },
  {
    name: "exit-0-of-host",
    command: [process.execPath, "-e", nodeServer(`process.exit(0)`)],
    isolation: { enabled: false },
    provoke: { by: "call" },
    expected: { kind: "completed", summary: "Exited with code 0 on its own.", exitCode: 0 },
  },
  {
    name: "crash-of-host",
    command: [process.execPath, "-e", nodeServer(`process.kill(process.pid, "SIGSEGV")`)],
    isolation: { enabled: false },
    provoke: { by: "call" },
    expected: { kind: "crashed_signal", summary: "Crashed: SIGSEGV (139).", exitCode: null },
  },
];
