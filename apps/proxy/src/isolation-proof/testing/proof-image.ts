import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildImageFromHost } from "../../engine/docker/build-from-host.ts";
import { testEnvironment } from "../../engine/testing/docker-fixture.ts";

const run = promisify(execFile);

/** Node and Python of this host, and Python once more as a setuid program of root. */
export const proofImage = "mcpproxy-test/proof:host";
/** Python makes any system call without a compiler. */
const hostPython = "/usr/bin/python3";
/** Where a server of the image would raise its rights, if it could. */
export const setuidPython = "/usr/local/bin/raise";

const ignore = (): void => undefined;

/** Builds the image once per machine. */
export async function ensureProofImage(): Promise<void> {
  const isThere = await run("docker", ["image", "inspect", proofImage]).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const base = "mcpproxy-test/proof-base:host";
  const { stdout } = await run(hostPython, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]);
  await buildImageFromHost({
    environment: testEnvironment,
    tag: base,
    nodePath: process.execPath,
    extraPaths: [hostPython, stdout.trim()],
    signal: new AbortController().signal,
    onProgress: ignore,
  });
  await addSetuidProgram(base);
}

async function addSetuidProgram(base: string): Promise<void> {
  const script = `cp ${hostPython} ${setuidPython} && chmod 4755 ${setuidPython}`;
  const { stdout } = await run("docker", ["create", "--network=none", base, "sh", "-c", script]);
  const container = stdout.trim();
  try {
    await run("docker", ["start", "--attach", container]);
    await run("docker", ["commit", container, proofImage]);
  } finally {
    await run("docker", ["rm", "--force", container]);
    await run("docker", ["rmi", base]);
  }
}
