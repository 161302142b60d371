import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProof } from "./testing/run-proof.ts";

const proof = createProof();
beforeAll(() => proof.prepare());
const folder = realpathSync(mkdtempSync(join(tmpdir(), "mcpproxy-test-")));
afterAll(async () => {
  await proof.close();
  rmSync(folder, { recursive: true });
});

/** What depends on this machine and not on the settings. */
const ofTheMachine = new Set(["no_access_control", "shared_kernel"]);

async function weaknessesUnder(isolation: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const { weaknesses } = await proof.report(isolation);
  return weaknesses.map(({ code }) => code).filter((code) => !ofTheMachine.has(code));
}

describe("the isolation score of a real container", () => {
  it("is 75 or more under standard", async () => {
    const { score } = await proof.report({});
    expect(score).toBeGreaterThanOrEqual(75);
    expect(score).toBeLessThanOrEqual(85);
    expect(await weaknessesUnder({})).toEqual(["root_user", "open_network", "writable_root"]);
  });

  it("is 95 or more under strict", async () => {
    expect((await proof.report({ preset: "strict" })).score).toBeGreaterThanOrEqual(95);
    expect(await weaknessesUnder({ preset: "strict" })).toEqual([]);
  });

  it.each([
    ["host_network", { network_mode: "host" }],
    ["capabilities_kept", { cap_drop: [] }],
    ["strong_capabilities", { cap_add: ["SYS_ADMIN"] }],
    ["new_privileges", { security_opt: ["no-new-privileges=false"] }],
    ["seccomp_unconfined", { security_opt: ["seccomp=unconfined"] }],
    ["swap_allowed", { memory_swap: "2g" }],
    ["no_init", { init: false }],
    ["dangerous_mount", { volumes: ["/:/machine:ro"], allow_dangerous_mounts: true }],
    ["writable_mounts", { volumes: [`${folder}:/work:rw`] }],
    ["root_user", { user: "0:0" }],
    ["open_network", { network_mode: "bridge" }],
    ["writable_root", { read_only: false }],
  ])("shows %s", async (code, isolation) => {
    expect(await weaknessesUnder({ preset: "strict", ...isolation })).toEqual([code]);
  });
});
