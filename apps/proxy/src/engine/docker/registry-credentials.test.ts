import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { askCredentialHelper } from "./credential-helper.ts";
import { findCredentials } from "./registry-credentials.ts";

let directory: string;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "mcpproxy-helpers-"));
  environment = { PATH: `${directory}:/usr/bin:/bin` };
  // A helper that answers with what it was asked.
  await writeHelper(
    "echo",
    `read -r server; printf '{"ServerURL":"%s","Username":"u","Secret":"s-%s"}' "$server" "$server"`,
  );
  await writeHelper("token", `cat >/dev/null; echo '{"Username":"<token>","Secret":"identity"}'`);
  await writeHelper("empty", `cat >/dev/null; echo 'credentials not found in native keychain'; exit 1`);
  await writeHelper("broken", `cat >/dev/null; echo 'the secret is s3cret'; echo s3cret >&2; exit 3`);
  await writeHelper("chatty", `cat >/dev/null; echo 'hello s3cret'`);
  await writeHelper("slow", `sleep 30`);
});

afterAll(() => rm(directory, { recursive: true }));

async function writeHelper(name: string, script: string): Promise<void> {
  const path = join(directory, `docker-credential-${name}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

async function find(config: object, image: string) {
  await writeFile(join(directory, "config.json"), JSON.stringify(config));
  return await findCredentials({
    dockerConfigDir: directory,
    helperEnvironment: environment,
    image,
    signal: new AbortController().signal,
  });
}

const login = (username: string, password: string) => ({
  auth: Buffer.from(`${username}:${password}`).toString("base64"),
});
const hub = "https://index.docker.io/v1/";

it.each([
  ["no config", {}, "node:20", {}],
  [
    "a stored login",
    { auths: { "host:1": login("a", "b:c") } },
    "host:1/x",
    { username: "a", password: "b:c", serveraddress: "host:1" },
  ],
  [
    "a stored login by an old address",
    { auths: { "https://host:1/v1/": login("a", "b") } },
    "host:1/x",
    { username: "a", password: "b" },
  ],
  [
    "a stored login for Docker Hub",
    { auths: { [hub]: login("a", "b") } },
    "node:20",
    { username: "a", serveraddress: hub },
  ],
  [
    "a stored identity token",
    { auths: { "host:1": { ...login("a", ""), identitytoken: "t" } } },
    "host:1/x",
    { identitytoken: "t" },
  ],
  ["the store", { credsStore: "echo" }, "host:1/x", { username: "u", password: "s-host:1", serveraddress: "host:1" }],
  ["the store for Docker Hub", { credsStore: "echo" }, "node:20", { password: `s-${hub}`, serveraddress: hub }],
  [
    "a helper of the registry before the store",
    { credsStore: "broken", credHelpers: { "host:1": "token" } },
    "host:1/x",
    { identitytoken: "identity" },
  ],
  [
    "a helper that knows none",
    { credsStore: "empty", auths: { "host:1": login("a", "b") } },
    "host:1/x",
    { username: "a", password: "b" },
  ],
])("finds the login: %s", async (...[, config, image, expected]) => {
  const found = await find(config, image);
  expect(found.authconfig ?? {}).toMatchObject(expected);
  expect(found.problem).toBeUndefined();
});

it.each([
  ["broken", "it ended with exit code 3"],
  ["chatty", "its answer is not the JSON of a login"],
  ["absent", "there is no such program on the PATH"],
  ["../echo", "its name in config.json is not a plain word"],
])("names a helper that fails (%s), how to test it, and never what it printed", async (helper, reason) => {
  const { problem, authconfig } = await find(
    { credHelpers: { "host:1": helper }, auths: { "host:1": login("a", "b") } },
    "host:1/x",
  );
  expect(problem).toContain(`docker-credential-${helper} gave no login for the registry host:1: ${reason}.`);
  expect(problem).toMatch(/Test it with `echo host:1 \| docker-credential-\S+ get`/);
  expect(problem).not.toContain("s3cret");
  expect(authconfig).toMatchObject({ username: "a" });
});

it("does not wait longer than the deadline, nor after a stop", async () => {
  const request = { helper: "slow", serverAddress: "host:1", environment };
  const late = await askCredentialHelper({ ...request, signal: new AbortController().signal, deadlineMs: 50 });
  expect(late).toEqual({ kind: "failed", reason: "no answer within 0.05 s" });
  expect(await askCredentialHelper({ ...request, signal: AbortSignal.abort() })).toEqual({
    kind: "failed",
    reason: "cancelled",
  });
});
