import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureTestImage, testEnvironment, testImage } from "../testing/docker-fixture.ts";
import { createDockerConnector } from "./docker-connector.ts";
import { createDockerEngine } from "./docker-engine.ts";
import { createProgramProbe, type ProgramQuestion } from "./program-probe.ts";

let docker: Docker;
let mounted: string;
let plain: Docker.Container;
let withTools: Docker.Container;

beforeAll(async () => {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId: "probe-test" });
  await ensureTestImage(engine);
  await engine.close();
  ({ docker } = await createDockerConnector(testEnvironment).connect());
  mounted = await mkdtemp(join(tmpdir(), "mcpproxy-probe-"));
  await writeFile(join(mounted, "tool"), "#!/bin/sh\n", { mode: 0o755 });
  await mkdir(join(mounted, "folder"));
  plain = await create({});
  withTools = await create({ HostConfig: { Binds: [`${mounted}:/tools:ro`] }, Env: ["PATH=/tools:/usr/local/bin"] });
});

afterAll(async () => {
  await Promise.all([plain, withTools].map((container) => container.remove({ force: true })));
  await rm(mounted, { recursive: true });
});

function create(options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  return docker.createContainer({ Image: testImage, Cmd: ["node"], ...options });
}

const ask = (container: Docker.Container, question: Pick<ProgramQuestion, "program" | "searchPath" | "workingDir">) =>
  createProgramProbe().findProgram(docker, { containerId: container.id, imageId: "any", ...question });

test.each([
  ["node", "present"],
  // A link.
  ["npx", "present"],
  ["uvx", "missing"],
  ["/usr/local/bin/node", "present"],
  ["/nowhere/node", "missing"],
  // A folder is no program.
  ["/usr/local", "missing"],
  ["local/bin/node", "missing"],
  // The engine fails on a path through a file.
  ["/etc/passwd/x", "unknown"],
] as const)("%s is %s in a container that was not started", async (program, presence) => {
  expect(await ask(plain, { program })).toBe(presence);
});

test("paths are resolved against the working directory", async () => {
  expect(await ask(plain, { program: "local/bin/node", workingDir: "/usr" })).toBe("present");
  expect(await ask(plain, { program: "node", searchPath: "bin", workingDir: "/usr/local" })).toBe("present");
});

test("a program in a mount is found, a folder of that name is not", async () => {
  expect(await ask(withTools, { program: "tool", searchPath: "/bin:/tools" })).toBe("present");
  expect(await ask(withTools, { program: "folder", searchPath: "/bin:/tools" })).toBe("missing");
});

test("PATH, image and working directory come from the container", async () => {
  const probe = createProgramProbe();
  const missing = (container: Docker.Container, programs: readonly string[]) =>
    probe.missingProgram(docker, { containerId: container.id, programs });
  expect(await missing(plain, ["node", "tool", "uvx"])).toBe("tool");
  // What one container of an image lacks may be mounted into the next.
  expect(await missing(withTools, ["node", "tool"])).toBeUndefined();
  expect(await missing(plain, ["node", "tool"])).toBe("tool");
  expect(await missing(plain, [])).toBeUndefined();
});

test("a probe that fails is unknown, and names no program", async () => {
  const containerId = "0".repeat(64);
  const probe = createProgramProbe();
  expect(await probe.findProgram(docker, { containerId, imageId: "any", program: "node" })).toBe("unknown");
  expect(await probe.missingProgram(docker, { containerId, programs: ["node"] })).toBeUndefined();
});
