import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLoopbackNpmRegistry, type LoopbackNpmRegistry } from "../engine/testing/loopback-npm-registry.ts";
import { startLoopbackRegistry, type LoopbackRegistry } from "../engine/testing/loopback-registry.ts";
import { canStartSmallDaemon, startSmallDaemon } from "../engine/testing/small-daemon.ts";
import { ensureProofImage } from "../isolation-proof/testing/proof-image.ts";
import { imageProofs } from "./proofs/image-proofs.ts";
import { proofConfig } from "./testing/proof-config.ts";
import { startProofProxy, type ProofProxy } from "./testing/proof-proxy.ts";
import { provoke, runWith } from "./testing/prove.ts";

const mebibyte = 1024 * 1024;
const layerBytes = [1_000];
const images: LoopbackRegistry[] = [];
let npm: LoopbackNpmRegistry;
let proxy: ProofProxy;
/** Filled before the first test. */
const registries = { open: "", locked: "", silent: "", closed: "127.0.0.1:1", npm: "" };
const names = imageProofs(registries).map(({ name, expected }) => ({ name, kind: expected.kind }));
const hostOf = ({ image }: LoopbackRegistry): string => image.split("/")[0] ?? "";

beforeAll(async () => {
  await ensureProofImage();
  npm = await startLoopbackNpmRegistry();
  images.push(
    await startLoopbackRegistry({ layerBytes }),
    await startLoopbackRegistry({ layerBytes, login: { kind: "forbidden" } }),
    await startLoopbackRegistry({ layerBytes: [100_000], fault: { kind: "silent", afterBytes: 100 } }),
  );
  const [open = "", locked = "", silent = ""] = images.map(hostOf);
  Object.assign(registries, { open, locked, silent, npm: npm.url });
  proxy = await startProofProxy({ config: proofConfig(imageProofs(registries)) });
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  for (const { image } of images) execFileSync("docker", ["rmi", "--force", image], { stdio: "ignore" });
  for (const registry of images) await registry[Symbol.asyncDispose]();
  await npm[Symbol.asyncDispose]();
});

describe("what cannot be downloaded", () => {
  test.concurrent.each(names)("$name: $kind", async ({ name }) => {
    const proof = imageProofs(registries).find((candidate) => candidate.name === name);
    if (proof === undefined) throw new Error(`no proof ${name}`);
    expect(await provoke(proof, proxy)).toMatchObject(runWith(proof.expected));
  });

  test.skipIf(!canStartSmallDaemon())("a disk that is full: image_failed", async () => {
    await using registry = await startLoopbackRegistry({ layerBytes: [40 * mebibyte] });
    const sharedPort = Number(new URL(`http://${registry.image}`).port);
    await using daemon = await startSmallDaemon({ diskBytes: 48 * mebibyte, sharedPort });
    const proof = {
      name: "disk-full",
      command: ["node"],
      isolation: { image: registry.image, pull_policy: "missing" },
      provoke: { by: "start" },
      expected: { kind: "image_failed", summary: /no space left on Docker's disk\.$/, exitCode: null },
    } as const;
    await using small = await startProofProxy({ config: proofConfig([proof]), dockerHost: daemon.dockerHost });
    const run = await provoke(proof, small);
    expect(run).toMatchObject(runWith(proof.expected));
    expect(run.verdict?.remedy).toMatch(/docker system prune|disk/);
  });
});
