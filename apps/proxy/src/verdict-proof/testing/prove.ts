import { expect } from "vitest";
import type { ExpectedVerdict, VerdictProof } from "../verdict-proof.ts";
import type { McpAnswer } from "./mcp-client.ts";
import type { ProofProxy } from "./proof-proxy.ts";
import type { ProofRun } from "./proof-run.ts";

/** The entry of the config file. */
export function toEntry({ name, command, env, isolation }: VerdictProof) {
  const [program, ...args] = command;
  return { name, command: program, args, ...(env && { env }), isolation: isolation ?? {} };
}

/** Brings about the end, and gives the run as the API tells it. */
export async function provoke(proof: VerdictProof, proxy: ProofProxy): Promise<ProofRun> {
  const { name: server, provoke: provocation } = proof;
  const isEnded = (run: ProofRun): boolean => run.state === "ended";
  switch (provocation.by) {
    case "start":
      await proxy.api({ method: "POST", path: `/servers/${server}/start`, body: {} });
      return await proxy.firstRun(server, isEnded);
    case "start-then": {
      await proxy.api({ method: "POST", path: `/servers/${server}/start`, body: {} });
      const run = await proxy.firstRun(server, ({ state }) => state === "initializing");
      await provocation.act({ proxy, run, server, containerId: run.containerId ?? "" });
      return await proxy.firstRun(server, isEnded);
    }
    case "call": {
      const answer = proxy.connect(server).callTool("break");
      const run = await proxy.firstRun(server, isEnded);
      expectCallWasTold(await answer, run);
      expect(run.callsInFlight).toMatchObject([{ method: "tools/call", tool: "break" }]);
      return run;
    }
    case "act": {
      const client = proxy.connect(server);
      await client.initialized;
      const call = provocation.isQuiet === true ? undefined : client.callTool("hang");
      const isBusy = (run: ProofRun): boolean => run.state === "ready" && run.callsInFlight.length > 0;
      const run = await proxy.firstRun(server, call === undefined ? () => true : isBusy);
      await provocation.act({ proxy, client, run, server, containerId: run.containerId ?? "" });
      const ended = await proxy.firstRun(server, isEnded);
      if (call !== undefined) expectCallWasTold(await call, ended);
      return ended;
    }
    default:
      return provocation satisfies never;
  }
}

/** Nobody waits for an answer of a run that is over. */
function expectCallWasTold(answer: McpAnswer, run: ProofRun): void {
  expect(answer.error?.data).toMatchObject({ runId: run.id, verdict: { kind: run.verdict?.kind } });
}

/** What a run has to look like, for toMatchObject. */
export function runWith({ kind, confidence, summary, remedy, exitCode, isOomFlagSet, evidence }: ExpectedVerdict) {
  return {
    verdict: {
      kind,
      ...(confidence && { confidence }),
      summary: typeof summary === "string" ? summary : expect.stringMatching(summary),
      ...(remedy && { remedy: expect.stringMatching(remedy) }),
      evidence: expect.arrayContaining((evidence ?? []).map((row) => expect.stringMatching(row))),
    },
    exitCode,
    oomKilled: isOomFlagSet ?? false,
  };
}
