import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { canMountSmallDisk, mountSmallDiskAt } from "../testing/small-disk.ts";
import { until } from "../testing/until.ts";
import { endRuns } from "./testing/end-runs.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { containerServer, ensureProofServerImage, proofConfig } from "./testing/proof-servers.ts";
import { untilNoProblem, untilProblem } from "./testing/proxy-problems.ts";
import { prepareProxy } from "./testing/proxy-under-test.ts";

const megabyte = 1024 * 1024;
const deadlineMs = 60_000;
const servers = [containerServer({ name: "one" }), containerServer({ name: "two" })];
const config = proofConfig(servers, { keep_exited: 0 });

beforeAll(ensureProofServerImage);

describe.skipIf(!canMountSmallDisk)("a full disk", () => {
  test(
    "for the logs holds nobody up, is told on stderr and in the status, and is over when there is space",
    async () => {
      await using proxy = await prepareProxy(config);
      await mkdir(proxy.logDirectory);
      using disk = mountSmallDiskAt(proxy.logDirectory, megabyte);
      await proxy.start();
      for (const name of ["one", "two"]) await proxy.untilState(name, "ready");
      const client = await proxy.client("one");
      disk.fill();
      // Beyond what the last page of the file has room for.
      expect((await client.callTool("print", { lines: 300, bytes: 100 })).kind).toBe("result");
      const trouble = await untilProblem(proxy, "log");
      expect(trouble).toContain("ENOSPC");
      expect(proxy.process?.output()).toMatch(/cannot write \S+server-one\.log: ENOSPC/);
      expect(await client.callTool("echo", { text: "still" })).toMatchObject({ kind: "result" });
      disk.free();
      await untilNoProblem(proxy, "log");
      const log = await readFile(join(proxy.logDirectory, "server-one.log"), "utf8");
      const printed = [...log.matchAll(/ STDERR (\d+) x{100}$/gm)].map(([, number]) => Number(number));
      expect(printed).toEqual(Array.from({ length: 300 }, (_, index) => index));
      await checkInvariants(proxy);
      expect(await proxy.stop()).toBe(0);
    },
    4 * deadlineMs,
  );

  test(
    "for the history and the logs holds nobody up, is told, and no run that ended meanwhile is lost",
    async () => {
      await using proxy = await prepareProxy(config);
      using disk = mountSmallDiskAt(proxy.home, 8 * megabyte);
      await proxy.writeConfig(config);
      await writeFile(join(proxy.home, "instance_id"), proxy.instanceId, { mode: 0o600 });
      await proxy.start();
      for (const name of ["one", "two"]) await proxy.untilState(name, "ready");
      const bystander = await proxy.client("two");
      disk.fill();
      const ended = await endRuns(proxy, { server: "one", count: 3 });
      const trouble = await untilProblem(proxy, "history");
      expect(trouble).toContain("the disk is full. Free some space");
      expect(proxy.process?.output()).toContain("the disk is full. Free some space");
      expect(await bystander.callTool("echo", { text: "still" })).toMatchObject({ kind: "result" });
      disk.free();
      await untilNoProblem(proxy, "history");
      for (const id of ended)
        expect(await proxy.untilEnded(id)).toMatchObject({ exitCode: 3, verdict: { kind: "app_error" } });
      const isSaid = async () => (await proxy.mainLog()).includes("The history is written again") || undefined;
      await until("the log of the same disk says so", isSaid, deadlineMs);
      await checkInvariants(proxy);
      expect(await proxy.stop()).toBe(0);
    },
    4 * deadlineMs,
  );
});
