import { describe, expect, it, vi } from "vitest";
import type { HostLaunch } from "../engine.ts";
import { describeEngineContract } from "../testing/engine-contract.ts";
import { recordOutput } from "../testing/recorded-output.ts";
import { createHostEngine } from "./host-engine.ts";

const engine = createHostEngine({ inherited: { PATH: "/usr/bin:/bin" } });

function launchOf(command: HostLaunch["command"]): HostLaunch {
  return {
    server: "contract",
    command,
    env: [{ name: "GIVEN", value: "yes", isSecret: true }],
    timeouts: { pullMs: 1000, startMs: 1000, stopMs: 1000 },
    engine: { kind: "default" },
  };
}

describeEngineContract("host engine", {
  nodeCommand: process.execPath,
  create: (command, output) => engine.create(launchOf(command), output),
  killedBySigkill: { signal: 9 },
});

describe("host engine environment", () => {
  it("passes on the inherited and the launch's variables and nothing else", async () => {
    const output = recordOutput();
    const script = "console.log(process.env.GIVEN, process.env.PATH, Object.keys(process.env).length)";
    const workload = await engine.create(launchOf([process.execPath, "-e", script]), output);
    await workload.start();
    await workload.ended;
    expect(output.stdout().toString()).toBe("yes /usr/bin:/bin 2\n");
  });

  it("ends the children of a process with it", async () => {
    const output = recordOutput();
    const script = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      console.log(child.pid);
      process.stdin.resume().on("end", () => process.exit(0));`;
    const workload = await engine.create(launchOf([process.execPath, "-e", script]), output);
    await workload.start();
    const childId = await vi.waitFor(() => {
      expect(output.stdout().length).toBeGreaterThan(0);
      return Number(output.stdout().toString());
    });
    workload.closeStdin();
    await workload.ended;
    await vi.waitFor(() => expect(() => process.kill(childId, 0)).toThrow("ESRCH"), { timeout: 5_000 });
  });
});
