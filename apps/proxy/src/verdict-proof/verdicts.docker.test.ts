import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureProofImage } from "../isolation-proof/testing/proof-image.ts";
import { until } from "../testing/until.ts";
import { exitProofs } from "./proofs/exit-proofs.ts";
import { memoryProofs } from "./proofs/memory-proofs.ts";
import { neighbour, silentKillProofs } from "./proofs/silent-kill-proofs.ts";
import { startProofs } from "./proofs/start-proofs.ts";
import { stopProofs } from "./proofs/stop-proofs.ts";
import { proofConfig } from "./testing/proof-config.ts";
import { startProofProxy, type ProofProxy } from "./testing/proof-proxy.ts";
import { provoke, runWith } from "./testing/prove.ts";
import type { VerdictProof } from "./verdict-proof.ts";

const groups: readonly (readonly [string, readonly VerdictProof[]])[] = [
  ["memory", memoryProofs],
  ["an end of its own", exitProofs],
  ["an end that was wanted", stopProofs],
  ["a start that fails", startProofs],
];
const quietMs = 1_500;
let proxy: ProofProxy;

beforeAll(async () => {
  await ensureProofImage();
  const proofs = groups.flatMap(([, ofGroup]) => ofGroup);
  proxy = await startProofProxy({ config: proofConfig([...proofs, ...silentKillProofs, neighbour]) });
});
afterAll(() => proxy[Symbol.asyncDispose]());

describe.each(groups)("%s", (_group, proofs) => {
  test.concurrent.each(proofs)("$name: $expected.kind", async (proof) => {
    expect(await provoke(proof, proxy)).toMatchObject(runWith(proof.expected));
  });
});

describe("a SIGKILL that nobody tells of", () => {
  test.each(silentKillProofs)("$name: $expected.kind", async (proof) => {
    const run = await provoke(proof, proxy);
    expect(run).toMatchObject(runWith(proof.expected));
    const isOver = (): boolean => Date.now() - Date.parse(run.endedAt ?? "") > quietMs;
    await until("the second of this death is over", () => isOver() || undefined);
  });
});
