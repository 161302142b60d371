import { execFileSync } from "node:child_process";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { createDockerEngine } from "../docker/docker-engine.ts";
import { EngineError, type ContainerEngine, type EnsureImageRequest, type ImageFacts } from "../engine.ts";
import { testEnvironment } from "./docker-fixture.ts";
import { startLoopbackRegistry, type LoopbackRegistry, type LoopbackRegistryOptions } from "./loopback-registry.ts";

export interface PullFixtureOptions extends LoopbackRegistryOptions {
  /** Folder of Docker's config.json, and what credential helpers get. */
  readonly dockerConfigDir?: string;
  readonly helperEnvironment?: Readonly<Record<string, string>>;
}

export interface PullTrace {
  readonly progress: readonly PullProgress[];
  readonly startedPulls: number;
}

/** An engine and a registry with one image, which is nowhere else. */
export interface PullFixture extends AsyncDisposable {
  readonly engine: ContainerEngine;
  readonly registry: LoopbackRegistry;
  readonly logLines: readonly string[];
  ensure(changes?: Partial<EnsureImageRequest>): Promise<PullTrace & { readonly facts: ImageFacts }>;
  /** For a pull that has to fail: its error. */
  fail(changes?: Partial<EnsureImageRequest>): Promise<PullTrace & { readonly error: EngineError }>;
  removeImage(): void;
}

export async function createPullFixture(options: PullFixtureOptions): Promise<PullFixture> {
  const { dockerConfigDir, helperEnvironment = {} } = options;
  const logLines: string[] = [];
  const engine = createDockerEngine({
    environment: { ...testEnvironment, ...(dockerConfigDir === undefined ? {} : { dockerConfigDir }) },
    helperEnvironment,
    instanceId: "pull-test",
    writeLog: (line) => logLines.push(line),
  });
  const registry = await startLoopbackRegistry(options);
  const run = (changes: Partial<EnsureImageRequest>) => {
    const progress: PullProgress[] = [];
    const trace = { progress, startedPulls: 0 };
    const facts = engine.ensureImage({
      image: registry.image,
      policy: "missing",
      deadlineMs: 30_000,
      signal: new AbortController().signal,
      onPullStarted: () => (trace.startedPulls += 1),
      onProgress: (update) => progress.push(update),
      ...changes,
    });
    return { facts, trace };
  };
  const removeImage = (): void => {
    execFileSync("docker", ["rmi", "--force", registry.image], { stdio: "ignore" });
  };
  return {
    engine,
    registry,
    logLines,
    async ensure(changes = {}) {
      const { facts, trace } = run(changes);
      return { facts: await facts, ...trace };
    },
    async fail(changes = {}) {
      const { facts, trace } = run(changes);
      const error: unknown = await facts.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof EngineError)) throw new Error("the pull did not fail as expected", { cause: error });
      return { error, ...trace };
    },
    removeImage,
    async [Symbol.asyncDispose]() {
      await engine.close();
      removeImage();
      await registry[Symbol.asyncDispose]();
    },
  };
}
