import { execFileSync } from "node:child_process";
import { toDockerRunArgs } from "@mcpproxy/core/docker/docker-run-args";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProof } from "./testing/run-proof.ts";

const proof = createProof();
beforeAll(() => proof.prepare());
afterAll(() => proof.close());

const nasty = [
  "",
  " ",
  "#",
  "a b",
  "'",
  '"',
  "\\",
  "\\n",
  "`x`",
  "$HOME",
  "${PATH}",
  "$(id)",
  "%PATH%",
  "*",
  "~",
  "!",
  "&& false",
  "; exit 1",
  "|",
  ">/x",
  "-",
  "--",
  "-e",
  "--eval=1",
  "--name=x",
  "--env=A=b",
  "=",
  "line\nline",
  "\r\n",
  "\t",
  "\u0001\u001b[31m",
  "ä é 日本語",
  "e\u0301",
  "👩‍👩‍👧 🏳️‍🌈",
  "\u{10FFFF}\u200B\uFEFF",
  "x".repeat(100_000),
];

const printAll =
  "process.stdout.write(JSON.stringify({ words: process.argv.slice(1), values: Object.entries(process.env) }))";

describe("arguments and variables", () => {
  it("arrive byte for byte", async () => {
    const env = Object.fromEntries(nasty.map((value, index) => [`T_${index}`, value]));
    const { stdout, stderr } = await proof.run({ command: ["node", "-e", printAll, "--", ...nasty], env });
    expect(stderr).toBe("");
    const { words, values } = JSON.parse(stdout);
    expect(words).toEqual(nasty);
    expect(Object.fromEntries(values)).toMatchObject(env);
  });

  it("need no program of the image to be read: no shell has seen them", async () => {
    const { stdout } = await proof.run({ command: ["cat", "/proc/1/cmdline", "/proc/self/cmdline"] });
    expect(stdout).not.toMatch(/(?:^|\0|\/)(?:ba|da)?sh\0/);
    expect(stdout.endsWith("cat\0/proc/1/cmdline\0/proc/self/cmdline\0")).toBe(true);
  });

  it("that are secret are in no argument, no label and not in docker_run_args", async () => {
    const secret = "hunter22-and-some-more";
    const { launch, workload } = await proof.start({ command: ["node", "-e", ""], env: { TOKEN: secret } });
    await workload.ended;
    const [inspected]: unknown[] = JSON.parse(execFileSync("docker", ["inspect", workload.id], { encoding: "utf8" }));
    await workload.remove();
    expect(withoutEnv(inspected)).not.toContain(secret);
    expect(JSON.stringify(inspected)).toContain(secret);
    expect(JSON.stringify(toDockerRunArgs(launch.plan, launch.identity))).not.toContain(secret);
  });
});

/** All that inspect tells but the variables themselves, which the engine has to know. */
function withoutEnv(inspected: unknown): string {
  return JSON.stringify(inspected, (key, value: unknown) => (key === "Env" ? undefined : value));
}
