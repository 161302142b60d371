import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveDockerEndpoint } from "./docker-endpoint.ts";

describe("resolveDockerEndpoint", () => {
  let dockerConfigDir = "";
  beforeEach(async () => {
    dockerConfigDir = await mkdtemp(join(tmpdir(), "docker-config-"));
  });
  afterEach(() => rm(dockerConfigDir, { recursive: true }));

  const idOf = (context: string): string => createHash("sha256").update(context).digest("hex");
  const addContext = async (context: string, host: string): Promise<void> => {
    const folder = join(dockerConfigDir, "contexts/meta", idOf(context));
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "meta.json"),
      JSON.stringify({ Name: context, Endpoints: { docker: { Host: host } } }),
    );
  };

  it("uses the default socket when nothing is set", async () => {
    expect(await resolveDockerEndpoint({ dockerConfigDir })).toMatchObject({
      context: "default",
      endpoint: "unix:///var/run/docker.sock",
      connection: { socketPath: "/var/run/docker.sock", host: undefined },
    });
  });

  it("prefers DOCKER_HOST to DOCKER_CONTEXT to the current context", async () => {
    await addContext("current", "unix:///current.sock");
    await addContext("asked", "unix:///asked.sock");
    await writeFile(join(dockerConfigDir, "config.json"), JSON.stringify({ currentContext: "current" }));
    const endpointOf = async (variables: object): Promise<string> =>
      (await resolveDockerEndpoint({ dockerConfigDir, ...variables })).endpoint;
    expect(await endpointOf({})).toBe("unix:///current.sock");
    expect(await endpointOf({ dockerContext: "asked" })).toBe("unix:///asked.sock");
    expect(await endpointOf({ dockerContext: "asked", dockerHost: "tcp://h:1" })).toBe("tcp://h:1");
  });

  it.each([
    ["tcp://example.test:2375", { host: "example.test", port: "2375", protocol: "http", socketPath: undefined }],
    ["tcp://example.test", { host: "example.test", port: "2375", protocol: "http" }],
    ["example.test:2376", { host: "example.test", port: "2376", protocol: "https" }],
    ["ssh://ops@example.test", { host: "example.test", port: "22", protocol: "ssh", username: "ops" }],
    ["unix:///run/user/1000/docker.sock", { socketPath: "/run/user/1000/docker.sock", host: undefined }],
  ])("reads %s", async (dockerHost, connection) => {
    expect(await resolveDockerEndpoint({ dockerConfigDir, dockerHost })).toMatchObject({
      context: "DOCKER_HOST",
      endpoint: dockerHost,
      connection,
    });
  });

  it("takes the TLS files of a context", async () => {
    await addContext("remote", "tcp://example.test:2376");
    const folder = join(dockerConfigDir, "contexts/tls", idOf("remote"), "docker");
    await mkdir(folder, { recursive: true });
    for (const name of ["ca", "cert", "key"]) await writeFile(join(folder, `${name}.pem`), name);
    const { connection } = await resolveDockerEndpoint({ dockerConfigDir, dockerContext: "remote" });
    expect(connection).toMatchObject({ protocol: "https", ca: Buffer.from("ca"), key: Buffer.from("key") });
  });

  it("names a context that does not exist, with what to do", async () => {
    await expect(resolveDockerEndpoint({ dockerConfigDir, dockerContext: "gone" })).rejects.toMatchObject({
      message: expect.stringContaining('"gone"'),
      detail: { stage: "engine", remedy: expect.stringContaining("docker context ls") },
    });
  });

  it.each(["fd://", "tcp://"])("rejects the address %s", async (dockerHost) => {
    await expect(resolveDockerEndpoint({ dockerConfigDir, dockerHost })).rejects.toThrow("cannot be read");
  });
});
