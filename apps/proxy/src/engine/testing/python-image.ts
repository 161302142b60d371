import { execFileSync } from "node:child_process";
import { buildImageFromHost } from "../docker/build-from-host.ts";
import type { ContainerEngine } from "../engine.ts";
import { testEnvironment } from "./docker-fixture.ts";

/** Python with pip and without uv, as the official images of Python are. */
export const pythonImage = "mcpproxy-test/python:pip";

const hostPython = "/usr/bin/python3";
const question = "import os, pip, sysconfig; print(sysconfig.get_path('stdlib')); print(os.path.dirname(pip.__file__))";

/** What makes up the host's own Python with pip; undefined where it has none. */
export function findHostPython(): readonly string[] | undefined {
  try {
    const answer = execFileSync(hostPython, ["-c", question], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return [hostPython, ...answer.trim().split("\n")];
  } catch {
    return undefined;
  }
}

/** Builds the image once per machine. */
export async function ensurePythonImage(engine: ContainerEngine, extraPaths: readonly string[]): Promise<void> {
  const signal = new AbortController().signal;
  const request = { image: pythonImage, policy: "never", deadlineMs: 1_000, signal } as const;
  const isThere = await engine.ensureImage({ ...request, onPullStarted: ignore, onProgress: ignore }).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await buildImageFromHost({
    environment: testEnvironment,
    tag: pythonImage,
    nodePath: process.execPath,
    extraPaths,
    signal,
    onProgress: ignore,
  });
}

const ignore = (): void => undefined;
