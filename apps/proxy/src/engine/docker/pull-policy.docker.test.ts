import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createPullFixture, type PullFixture } from "../testing/pull-fixture.ts";

let fixture: PullFixture;

beforeAll(async () => {
  fixture = await createPullFixture({ layerBytes: [100_000] });
});
beforeEach(() => fixture.removeImage());
afterAll(() => fixture[Symbol.asyncDispose]());

test("missing: pulls once, then takes what is here without asking the registry", async () => {
  expect((await fixture.ensure()).facts.wasPulled).toBe(true);
  const asked = fixture.registry.manifestRequests;
  const { facts, startedPulls } = await fixture.ensure();
  expect([facts.wasPulled, startedPulls, fixture.registry.manifestRequests]).toEqual([false, 0, asked]);
});

test("never: takes what is here, and refuses to pull", async () => {
  const { error, startedPulls } = await fixture.fail({ policy: "never" });
  expect(error.detail).toMatchObject({ stage: "image", code: "not_found" });
  expect(error.message).toContain('pull_policy is "never"');
  expect(startedPulls).toBe(0);
  await fixture.ensure();
  expect((await fixture.ensure({ policy: "never" })).facts.wasPulled).toBe(false);
});

test("always: asks the registry also for an image that is here", async () => {
  await fixture.ensure();
  const asked = fixture.registry.manifestRequests;
  const { facts, startedPulls } = await fixture.ensure({ policy: "always" });
  expect([facts.wasPulled, startedPulls]).toEqual([true, 1]);
  expect(fixture.registry.manifestRequests).toBeGreaterThan(asked);
});

test("an image that is here for another platform does not count", async () => {
  await fixture.ensure();
  const { error } = await fixture.fail({ policy: "never", platform: "linux/s390x" });
  expect(error.message).toContain("for linux/s390x is not on this machine");
});

test("always: fails when the registry is away, and says that the copy here was not used", async () => {
  await fixture.ensure();
  await fixture.registry.close();
  const { error } = await fixture.fail({ policy: "always" });
  expect(error.detail).toMatchObject({ stage: "image", code: "registry_unreachable" });
  expect(error.message).toContain('The copy on this machine was not used, because pull_policy is "always"');
  expect((await fixture.ensure({ policy: "missing" })).facts.wasPulled).toBe(false);
});
