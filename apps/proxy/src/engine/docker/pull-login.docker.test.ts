import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPullFixture, type PullFixtureOptions } from "../testing/pull-fixture.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "mcpproxy-login-"));
  await writeHelper("good", `{"Username":"ada","Secret":"p4ss/wörd+"}`);
  await writeHelper("wrong", `{"Username":"ada","Secret":"s3cret"}`);
  await writeHelper("token", `{"Username":"<token>","Secret":"1dentity"}`);
  await writeHelper("broken", "s3cret");
});
afterAll(() => rm(directory, { recursive: true }));

async function writeHelper(name: string, answer: string): Promise<void> {
  const path = join(directory, `docker-credential-${name}`);
  await writeFile(path, `#!/bin/sh\ncat >/dev/null\necho '${answer}'\n`);
  await chmod(path, 0o755);
}

async function loginFixture(login: PullFixtureOptions["login"], config: object) {
  await writeFile(join(directory, "config.json"), JSON.stringify(config));
  return await createPullFixture({
    layerBytes: [100_000],
    ...(login === undefined ? {} : { login }),
    dockerConfigDir: directory,
    helperEnvironment: { PATH: `${directory}:/usr/bin:/bin` },
  });
}

const ada = { kind: "basic", username: "ada", password: "p4ss/wörd+" } as const;

test.each([
  ["a password from the credential helper", ada, { credsStore: "good" }],
  [
    "an identity token from the credential helper",
    { kind: "identity-token", token: "1dentity" },
    { credsStore: "token" },
  ],
] as const)("a private image is pulled with %s", async (_name, login, config) => {
  await using fixture = await loginFixture(login, config);
  const { facts } = await fixture.ensure();
  expect([facts.wasPulled, facts.warning]).toEqual([true, undefined]);
});

test.each([
  ["401 without a login", ada, {}],
  ["401 with a wrong login", ada, { credsStore: "wrong" }],
  ["401 with a wrong identity token", { kind: "identity-token", token: "other" }, { credsStore: "token" }],
  ["403", { kind: "forbidden" }, { credsStore: "good" }],
] as const)("a registry that refuses (%s) is a denial, without the secret", async (_name, login, config) => {
  await using fixture = await loginFixture(login, config);
  const { error } = await fixture.fail();
  expect(error.detail).toMatchObject({ stage: "image", code: "denied" });
  expect(error.message).toContain("docker login");
  expect(error.message).not.toMatch(/s3cret|1dentity|p4ss/);
});

test("a denial after a broken helper says which one and how to test it", async () => {
  await using fixture = await loginFixture(ada, { credsStore: "broken" });
  const { error } = await fixture.fail();
  expect(error.detail).toMatchObject({
    code: "denied",
    remedy: expect.stringContaining("docker-credential-broken get"),
  });
  expect(error.message).not.toContain("s3cret");
});

test("a broken helper does not stop a public image, but is told", async () => {
  await using fixture = await loginFixture(undefined, { credsStore: "absent" });
  const { facts } = await fixture.ensure();
  expect(facts.warning).toContain("docker-credential-absent gave no login");
  expect(fixture.logLines).toContain(facts.warning);
});
