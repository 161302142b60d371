import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { examplePlan } from "../docker/example-plan.test-data.ts";
import type { IsolationPlan, PlanResult } from "../plan/isolation-plan.ts";
import { createRedactor } from "../redaction/redact.ts";
import { configSnapshotOf, type ConfigSnapshot } from "./config-snapshot.ts";
import { describeChange, diffRuns, diffSnapshots } from "./diff-snapshots.ts";

const mebibyte = 1024 * 1024;

function isolated(changes: Partial<IsolationPlan> = {}): PlanResult {
  return { kind: "isolated", plan: { ...examplePlan, ...changes }, findings: [] };
}

function snapshot(
  plan: PlanResult,
  { secrets = [], key = "key" }: { secrets?: readonly string[]; key?: string } = {},
): ConfigSnapshot {
  return configSnapshotOf({
    server: "a",
    plan,
    redact: createRedactor(secrets),
    fingerprint: (text) => createHmac("sha256", key).update(text).digest("hex"),
  });
}

function changesBetween(before: PlanResult, after: PlanResult): readonly string[] {
  return diffSnapshots(snapshot(before), snapshot(after)).map(describeChange);
}

const memory = (mebibytes: number): Partial<IsolationPlan> => ({
  limits: { ...examplePlan.limits, memoryBytes: mebibytes * mebibyte, memorySwapBytes: mebibytes * mebibyte },
});
const variable = (value: string) => ({ env: [{ name: "API_KEY", value, isSecret: true }] });

test("the same settings give the same hash, in whatever order the variables stand", () => {
  const [one, other] = [
    { name: "A", value: "first", isSecret: true },
    { name: "B", value: "second", isSecret: true },
  ] as const;
  expect(snapshot(isolated({ env: [one, other] }))).toEqual(snapshot(isolated({ env: [other, one] })));
  expect(snapshot(isolated()).hash).toMatch(/^[0-9a-f]{16}$/);
});

test("no value of a variable and no known secret is in a snapshot", () => {
  const { values, hash } = snapshot(isolated({ ...variable("hunter2"), command: ["node", "--token", "swordfish"] }), {
    secrets: ["hunter2", "swordfish"],
  });
  expect(JSON.stringify({ values, hash })).not.toMatch(/hunter2|swordfish/);
  expect(values["env.API_KEY"]).toMatch(/^[0-9a-f]{8}$/);
});

test("a fingerprint says nothing without the key of the installation, and nothing about other variables", () => {
  const plan = isolated({
    env: [
      { name: "A", value: "1", isSecret: true },
      { name: "B", value: "1", isSecret: true },
    ],
  });
  const { values } = snapshot(plan);
  expect(values["env.A"]).not.toBe(values["env.B"]);
  expect(snapshot(plan, { key: "other" }).values["env.A"]).not.toBe(values["env.A"]);
});

test.each<readonly [before: Partial<IsolationPlan>, after: Partial<IsolationPlan>, words: readonly string[]]>([
  [memory(256), memory(512), ["memory limit 256 MiB → 512 MiB"]],
  [variable("one"), variable("two"), ["variable API_KEY one value → another value"]],
  [{ env: [] }, variable("one"), ["variable API_KEY not set → a value"]],
  [variable("one"), { env: [] }, ["variable API_KEY one value → not set"]],
  [{ image: "node:20" }, { image: "node:22" }, ["image node:20 → node:22"]],
  [{ command: ["npx", "a"] }, { command: ["npx", "a", "b c"] }, ["command npx a → npx a 'b c'"]],
  [{ mounts: [] }, { mounts: [{ source: "/a", target: "/b", isReadOnly: true }] }, ["volumes not set → /a:/b:ro"]],
  [{}, {}, []],
])("%# is told in words", (before, after, words) => {
  expect(changesBetween(isolated(before), isolated(after))).toEqual(words);
});

test("a secret that changes behind its mask is a change, without its value", () => {
  const secrets = ["swordfish", "hammerhead"];
  const [before, after] = secrets.map((secret) => snapshot(isolated({ command: ["node", secret] }), { secrets }));
  if (before === undefined || after === undefined) throw new Error("two");
  expect(diffSnapshots(before, after).map(describeChange)).toEqual([
    "a secret in the command or the settings one value → another value",
  ]);
});

test("a setting that is there but empty, as a later version may add, changes no hash", () => {
  const { hash } = snapshot(isolated());
  expect(snapshot(isolated({ network: { ...examplePlan.network, dnsOptions: [] } })).hash).toBe(hash);
});

test("another image behind the same name is a change, once both are known", () => {
  const same = snapshot(isolated());
  const withDigest = (imageDigest: string | null) => ({ run: { imageDigest }, snapshot: same });
  const digest = (digit: string) => `node@sha256:${digit.repeat(64)}`;
  expect(diffRuns(withDigest(digest("a")), withDigest(digest("b"))).map(describeChange)).toEqual([
    "image digest sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb",
  ]);
  expect(diffRuns(withDigest(null), withDigest(digest("b")))).toEqual([]);
  expect(diffRuns(withDigest(digest("b")), withDigest(digest("b")))).toEqual([]);
});
