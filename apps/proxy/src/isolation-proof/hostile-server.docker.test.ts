import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { until } from "../testing/until.ts";
import { createProof } from "./testing/run-proof.ts";

const proof = createProof();
const folder = realpathSync(mkdtempSync(join(tmpdir(), "mcpproxy-test-")));
const servers: Server[] = [];
const attemptSchema = z.object({
  attempt: z.string(),
  outcome: z.enum(["blocked", "done", "unclear"]),
  detail: z.string(),
});
const hostile = readFileSync(new URL("hostile.py", import.meta.url), "utf8");

/** What `standard` does not prevent; docs/isolation.md says so, each with the setting that does. */
const openUnderStandard = [
  "open port of the machine",
  "port of another container",
  "write /etc/passwd",
  "write /usr/bin",
  "fill the root",
  "fill /tmp",
];

const volumes = [`${folder}/ro:/ro`, `${folder}/rw:/rw:rw`];
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  await proof.prepare();
  for (const name of ["ro", "rw"]) mkdirSync(join(folder, name));
  chmodSync(join(folder, "rw"), 0o777);
  symlinkSync("/", join(folder, "ro", "escape"));
  writeFileSync(join(folder, "host-file"), "of the host");
  env = {
    HOST_PID: String(process.pid),
    OPEN_PORT: await listen("0.0.0.0"),
    LOCAL_PORT: await listen("127.0.0.1"),
    NEIGHBOUR: `${await startNeighbour()}:7000`,
    HOST_FILE: join(folder, "host-file"),
    READ_ONLY: "/ro",
    WRITABLE: "/rw",
  };
});
afterAll(async () => {
  for (const server of servers) server.close();
  await proof.close();
  rmSync(folder, { recursive: true });
});

describe("a hostile server", () => {
  it("gets through none of its walls under standard", async () => {
    const attempts = await attack({});
    expect(named(attempts, "done")).toEqual(openUnderStandard);
    expect(named(attempts, "unclear")).toEqual([]);
  });

  it("gets nothing at all under strict", async () => {
    const attempts = await attack({ preset: "strict" });
    expect(named(attempts, "done")).toEqual([]);
    expect(named(attempts, "unclear")).toEqual([]);
    expect(attempts).toContainEqual({ attempt: "fill /tmp", outcome: "blocked", detail: "ENOSPC" });
    expect(attempts).toContainEqual({ attempt: "fill the root", outcome: "blocked", detail: "EROFS" });
  });

  it("gets through where a wall is taken down, so the attempts are real", async () => {
    const only = ["mount proc", "mount over a path", "raw socket", "packet socket", "rename the host", "unshare user"];
    const isolation = {
      cap_add: ["SYS_ADMIN", "NET_RAW"],
      security_opt: ["seccomp=unconfined", "apparmor=unconfined"],
    };
    expect(named(await attack(isolation, only), "done")).toEqual(only);
  });

  it("has left the machine as it was", () => {
    expect(readFileSync(join(folder, "host-file"), "utf8")).toBe("of the host");
    expect(readdirSync(join(folder, "ro"))).toEqual(["escape"]);
    expect(readdirSync(join(folder, "rw"))).toEqual([]);
  });
});

type Attempt = z.infer<typeof attemptSchema>;

/** Lets the hostile server loose with small limits, and gives what it tells about each attempt. */
async function attack(
  isolation: Readonly<Record<string, unknown>>,
  only: readonly string[] = [],
): Promise<readonly Attempt[]> {
  const { stdout, stderr, end } = await proof.run({
    command: ["python3", "-c", hostile],
    env: { ...env, ONLY: only.join(",") },
    isolation: { memory_limit: "128m", pids_limit: 64, volumes, ...isolation },
  });
  if (end.exitCode !== 0) throw new Error(`The hostile server ended with ${end.exitCode}: ${stderr}`);
  const lines = stdout.trimEnd().split("\n");
  return lines.map((line) => attemptSchema.parse(JSON.parse(line)));
}

function named(attempts: readonly Attempt[], outcome: Attempt["outcome"]): readonly string[] {
  return attempts.filter((attempt) => attempt.outcome === outcome).map(({ attempt }) => attempt);
}

/** Listens on any port of this machine and gives its number. */
function listen(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    servers.push(server);
    server.once("error", reject);
    server.listen(0, host, () => {
      const address = server.address();
      resolve(String(typeof address === "object" ? address?.port : address));
    });
  });
}

/** Starts a container that listens on port 7000 and gives its address. */
async function startNeighbour(): Promise<string> {
  const script = `require("net").createServer((s) => s.destroy()).listen(7000, () => console.log("ready"))`;
  const { workload, output } = await proof.start({ command: ["node", "-e", script] });
  await until("the neighbour listens", () => output.stdout().toString().includes("ready") || undefined);
  const format = "{{.NetworkSettings.IPAddress}}";
  return execFileSync("docker", ["inspect", "--format", format, workload.id], { encoding: "utf8" }).trim();
}
