import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endpointIdentity } from "./endpoint-identity.ts";

test("two ways to one socket are one engine", async () => {
  const folder = await mkdtemp(join(tmpdir(), "identity-"));
  const [real, link] = [join(folder, "real.sock"), join(folder, "link.sock")];
  await writeFile(real, "");
  await symlink(real, link);
  expect(endpointIdentity(`unix://${link}`)).toBe(endpointIdentity(`unix://${real}`));
  expect(endpointIdentity(`unix://${folder}/none.sock`)).toBe(`unix://${folder}/none.sock`);
  expect(endpointIdentity("tcp://Example.test:2376/")).toBe(endpointIdentity("tcp://example.test:2376"));
  await rm(folder, { recursive: true });
});
