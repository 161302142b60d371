import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDockerConfig, type DockerConfigFixture } from "../testing/docker-config-fixture.ts";
import { resolveDockerEndpoint, resolveSelection, type DockerEndpoint } from "./docker-endpoint.ts";
import type { SocketProbe } from "./well-known-sockets.ts";

let config: DockerConfigFixture;
beforeEach(async () => {
  config = await createDockerConfig();
});
afterEach(() => config[Symbol.asyncDispose]());

const environment = (variables: object = {}) => ({ dockerConfigDir: config.folder, ...variables });
const socketsAt = (...paths: readonly string[]): SocketProbe => ({
  isThere: (path) => Promise.resolve(paths.includes(path)),
  answers: (path) => Promise.resolve(!path.includes("stale")),
});
const tls = { ca: "ca", cert: "cert", key: "key" };

describe("what the docker command would use", () => {
  const resolve = (variables: object = {}, sockets?: SocketProbe): Promise<DockerEndpoint> =>
    resolveDockerEndpoint(environment(variables), sockets);

  it("is the default socket when nothing is set", async () => {
    expect(await resolve()).toMatchObject({
      context: "default",
      endpoint: "unix:///var/run/docker.sock",
      reason: "the default socket of Docker",
      connection: { socketPath: "/var/run/docker.sock", host: undefined },
    });
  });

  it("is DOCKER_HOST before DOCKER_CONTEXT before the current context, and says why", async () => {
    await config.addContext({ name: "current", host: "unix:///current.sock" });
    await config.addContext({ name: "asked", host: "unix:///asked.sock" });
    await config.useContext("current");
    expect(await resolve({ homeDirectory: join(config.folder, "..") })).toMatchObject({
      endpoint: "unix:///current.sock",
      reason: expect.stringMatching(/^current context of ~\/docker-config-\w+\/config\.json$/),
    });
    expect(await resolve({ dockerContext: "asked" })).toMatchObject({
      endpoint: "unix:///asked.sock",
      reason: "DOCKER_CONTEXT is set",
    });
    expect(await resolve({ dockerContext: "asked", dockerHost: "tcp://h:1" })).toMatchObject({
      endpoint: "tcp://h:1",
      reason: "DOCKER_HOST is set",
    });
  });

  it.each([
    ["tcp://example.test:2375", { host: "example.test", port: "2375", protocol: "http", socketPath: undefined }],
    ["tcp://example.test", { host: "example.test", port: "2375", protocol: "http" }],
    ["example.test:2376", { host: "example.test", port: "2376", protocol: "https" }],
    ["ssh://ops@example.test", { host: "example.test", port: "22", protocol: "ssh", username: "ops" }],
    ["ssh://ops@example.test:2222", { port: "2222", sshOptions: { agent: "/agent.sock" } }],
    ["unix:///run/user/1000/docker.sock", { socketPath: "/run/user/1000/docker.sock", host: undefined }],
  ])("reads %s", async (dockerHost, connection) => {
    expect(await resolve({ dockerHost, sshAuthSocket: "/agent.sock" })).toMatchObject({
      context: "DOCKER_HOST",
      endpoint: dockerHost,
      connection,
    });
  });

  it("has the TLS files of DOCKER_CERT_PATH, or of the config folder for Docker's TLS port", async () => {
    await Promise.all(Object.entries(tls).map(([name, text]) => writeFile(join(config.folder, `${name}.pem`), text)));
    const withFiles = { connection: { protocol: "https", ca: Buffer.from("ca"), key: Buffer.from("key") } };
    expect(await resolve({ dockerHost: "tcp://h:1", dockerCertPath: config.folder })).toMatchObject(withFiles);
    expect(await resolve({ dockerHost: "tcp://h:1", dockerTlsVerify: "1" })).toMatchObject(withFiles);
    expect(await resolve({ dockerHost: "tcp://h:2376" })).toMatchObject(withFiles);
    expect(await resolve({ dockerHost: "tcp://h:1" })).toMatchObject({
      connection: { protocol: "http", ca: undefined },
    });
  });

  it.each([
    ["/home/ann/.colima/default/docker.sock", "Colima"],
    ["/home/ann/.orbstack/run/docker.sock", "OrbStack"],
    ["/home/ann/.rd/docker.sock", "Rancher Desktop"],
    ["/home/ann/.docker/run/docker.sock", "Docker Desktop"],
    ["/run/user/7/docker.sock", "rootless Docker"],
    ["/runtime/podman/podman.sock", "Podman"],
  ])("is %s when only that is there", async (path, product) => {
    const user = { homeDirectory: "/home/ann", runtimeDirectory: "/runtime", userId: 7 };
    expect(await resolve(user, socketsAt(path))).toMatchObject({
      context: "default",
      endpoint: `unix://${path}`,
      reason: `found the socket of ${product}`,
    });
  });

  it("passes a well-known socket at which nothing answers, and prefers the default socket to all", async () => {
    const user = { homeDirectory: "/stale", runtimeDirectory: "/runtime" };
    const both = ["/stale/.colima/default/docker.sock", "/runtime/docker.sock"];
    expect((await resolve(user, socketsAt(...both))).endpoint).toBe("unix:///runtime/docker.sock");
    const endpoint = (await resolve(user, socketsAt(...both, "/var/run/docker.sock"))).endpoint;
    expect(endpoint).toBe("unix:///var/run/docker.sock");
  });

  it("is nothing when the context does not exist, with what to do", async () => {
    await expect(resolve({ dockerContext: "gone" })).rejects.toMatchObject({
      message: expect.stringContaining('"gone"'),
      detail: { stage: "engine", remedy: expect.stringContaining("docker context ls") },
    });
  });

  it("is nothing when config.json is there and cannot be read: a guess would be another engine", async () => {
    await config.writeConfig("{");
    await expect(resolve()).rejects.toThrow("it is no JSON");
  });

  it.each(["fd://", "tcp://"])("rejects the address %s", async (dockerHost) => {
    await expect(resolve({ dockerHost })).rejects.toThrow("cannot be read");
  });
});

describe("what the config chooses", () => {
  it("wins over the environment", async () => {
    await config.addContext({ name: "prod", host: "tcp://example.test:2376", tls });
    const set = environment({ dockerHost: "tcp://other:1", dockerContext: "other" });
    expect(await resolveSelection({ kind: "context", name: "prod" }, set)).toMatchObject({
      context: "prod",
      reason: 'docker_context is "prod"',
      connection: { host: "example.test", protocol: "https", ca: Buffer.from("ca") },
    });
    expect(await resolveSelection({ kind: "host", host: "unix:///mine.sock" }, set)).toMatchObject({
      context: "docker_host",
      endpoint: "unix:///mine.sock",
      reason: 'docker_host is "unix:///mine.sock"',
    });
  });

  it('is DOCKER_HOST for the context "default" where that is set, as for the docker command', async () => {
    const selection = { kind: "context", name: "default" } as const;
    const set = environment({ dockerHost: "tcp://other:1" });
    expect((await resolveSelection(selection, set)).endpoint).toBe("tcp://other:1");
    expect((await resolveSelection(selection, environment())).endpoint).toBe("unix:///var/run/docker.sock");
  });
});
