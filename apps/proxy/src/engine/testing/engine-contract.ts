import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EngineError, type Workload, type WorkloadEnd, type WorkloadOutput } from "../engine.ts";
import { recordOutput } from "./recorded-output.ts";

export interface EngineContractSubject {
  readonly nodeCommand: string;
  create(command: readonly [string, ...string[]], output: WorkloadOutput): Promise<Workload>;
  /** How a process that SIGKILL ended is told. */
  readonly killedBySigkill: Partial<WorkloadEnd>;
}

const echo = "process.stdin.pipe(process.stdout)";

/** What every engine must do; run against each adapter. */
export function describeEngineContract(name: string, subject: EngineContractSubject): void {
  describe(`${name} keeps the contract`, () => {
    const workloads: Workload[] = [];
    const launch = async (command: readonly [string, ...string[]], output: WorkloadOutput = recordOutput()) => {
      const workload = await subject.create(command, output);
      workloads.push(workload);
      return workload;
    };
    const runScript = async (script: string, output: WorkloadOutput = recordOutput()): Promise<Workload> => {
      const workload = await launch([subject.nodeCommand, "-e", script], output);
      await workload.start();
      return workload;
    };

    afterEach(async () => {
      for (const workload of workloads.splice(0)) {
        await workload.signal("SIGKILL");
        await workload.remove();
      }
    });

    it("echoes lines, and end of file ends the process with its remaining output", async () => {
      const output = recordOutput();
      const workload = await runScript(
        `${echo}; process.stdin.on("end", () => process.stdout.write("bye\\n"))`,
        output,
      );
      workload.write("one\n");
      workload.write(Buffer.from("two\n"));
      await vi.waitFor(() => expect(output.stdout().toString()).toBe("one\ntwo\n"), { timeout: 5_000 });
      workload.closeStdin();
      const end = await workload.ended;
      expect(end).toMatchObject({ exitCode: 0, containerState: "exited", isOomFlagSet: false });
      expect(output.stdout().toString()).toBe("one\ntwo\nbye\n");
    });

    it("tells the exit code, and keeps stderr apart", async () => {
      const output = recordOutput();
      const workload = await runScript(`console.error("broken"); console.log("fine"); process.exitCode = 3`, output);
      expect((await workload.ended).exitCode).toBe(3);
      expect(output.stderr()).toBe("broken\n");
      expect(output.stdout().toString()).toBe("fine\n");
    });

    it("tells a SIGKILL, with the kill before the death", async () => {
      const seen: string[] = [];
      const workload = await launch([subject.nodeCommand, "-e", "setInterval(() => {}, 1000)"]);
      workload.onEvent((event) => seen.push(event.action));
      await workload.start();
      await workload.signal("SIGKILL");
      const end = await workload.ended;
      expect(end).toMatchObject(subject.killedBySigkill);
      expect(end.events.find((event) => event.action === "kill")?.signal).toBe(9);
      expect(seen.filter((action) => action !== "create")).toEqual(["start", "kill", "die"]);
    });

    it("rejects the start of a command that does not exist", async () => {
      const workload = await launch(["no-such-command-here"]);
      const error = await workload.start().catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(EngineError);
      expect(error).toMatchObject({ detail: { stage: "start", exitCode: 127 } });
      expect(await workload.ended).toMatchObject({ containerState: "created" });
    });

    it("carries 10 MB through both ways intact", async () => {
      const sent = randomBytes(10 * 1024 * 1024);
      const output = recordOutput();
      const workload = await runScript(echo, output);
      for (let start = 0; start < sent.length; start += 65_536) workload.write(sent.subarray(start, start + 65_536));
      workload.closeStdin();
      await workload.ended;
      expect(digest(output.stdout())).toBe(digest(sent));
    });

    it("stops reading stdout while paused, and still drains stderr", async () => {
      const output = recordOutput();
      const script = `process.stdin.once("data", () => { process.stdout.write("late"); process.stderr.write("told"); })`;
      const workload = await runScript(script, output);
      workload.pauseStdout();
      workload.write("go\n");
      await vi.waitFor(() => expect(output.stderr()).toBe("told"), { timeout: 5_000 });
      expect(output.stdout().length).toBe(0);
      workload.resumeStdout();
      await vi.waitFor(() => expect(output.stdout().toString()).toBe("late"), { timeout: 5_000 });
    });

    it("ignores writes and signals after the end", async () => {
      const workload = await runScript("");
      await workload.ended;
      expect(workload.write("too late\n")).toBe(true);
      workload.closeStdin();
      await workload.signal("SIGTERM");
      expect(await workload.readResources()).toBeUndefined();
    });

    it("reads the memory of a running process", async () => {
      const workload = await runScript(`${echo}; globalThis.kept = Buffer.alloc(20_000_000, 1)`);
      await vi.waitFor(
        async () => expect((await workload.readResources())?.workingSetBytes).toBeGreaterThan(20_000_000),
        {
          timeout: 5_000,
        },
      );
      const reading = await workload.readResources();
      expect(reading?.peakBytes).toBeGreaterThanOrEqual(reading?.workingSetBytes ?? Number.NaN);
    });
  });
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
