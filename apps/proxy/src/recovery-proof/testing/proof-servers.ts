import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createDockerEngine } from "../../engine/docker/docker-engine.ts";
import { ensureTestImage, testEnvironment, testImage } from "../../engine/testing/docker-fixture.ts";

const programPath = fileURLToPath(new URL("proof-server.mjs", import.meta.url));
const program = readFileSync(programPath, "utf8");

export interface ProofServerRequest {
  readonly name: string;
  /** Flags of proof-server.mjs. */
  readonly flags?: readonly string[];
  readonly isolation?: Readonly<Record<string, unknown>>;
  /** More keys of the entry, such as `start` or `restart`. */
  readonly entry?: Readonly<Record<string, unknown>>;
}

/** A config entry that runs the proof server in a container without a network. */
export function containerServer({ name, flags = [], isolation = {}, entry = {} }: ProofServerRequest): object {
  const small = { image: testImage, pull_policy: "never", network_mode: "none", memory_limit: "64m" };
  // As ES module from a string: nothing has to be mounted, so any daemon can run it.
  const args = ["--input-type=module", "-e", program, "--", ...flags];
  return { name, command: "node", args, isolation: { ...small, ...isolation }, ...entry };
}

/** In memory a hundredth of a Node: it shakes hands and never answers a call. */
const shellProgram = `
say() { printf '{"jsonrpc":"2.0","id":%s,%s}\\n' "$id" "$1"; }
while read -r line; do
  id=\${line#*'"id":'}
  id=\${id%%[,\\}]*}
  case $line in
    *'"method":"initialize"'*)
      say '"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"shell","version":"1"}}' ;;
    *'"method":"tools/call"'* | *'"method":"notifications/'*) ;;
    *) say '"error":{"code":-32601,"message":"Method not found"}' ;;
  esac
done`;

/** A config entry for tests with many containers: a server in shell script whose calls stay in flight. */
export function shellServer(name: string): object {
  const isolation = { image: testImage, pull_policy: "never", network_mode: "none", memory_limit: "64m" };
  return { name, command: "sh", args: ["-c", shellProgram], isolation };
}

/** A config entry that runs the proof server as a process of this machine. */
export function hostServer({ name, flags = [], entry = {} }: Omit<ProofServerRequest, "isolation">): object {
  return { name, command: process.execPath, args: [programPath, ...flags], isolation: { enabled: false }, ...entry };
}

/** A whole config; short graces, so that stubborn servers do not take the test's time. */
export function proofConfig(servers: readonly object[], isolation: Readonly<Record<string, unknown>> = {}): object {
  return { docker_isolation: { enabled: true, stop_timeout: "2s", ...isolation }, mcpServers: servers };
}

/** Builds the image of `containerServer` once per machine. */
export async function ensureProofServerImage(): Promise<void> {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  try {
    await ensureTestImage(engine);
  } finally {
    await engine.close();
  }
}
