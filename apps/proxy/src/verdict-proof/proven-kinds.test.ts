import { verdictKinds, type VerdictKind } from "@mcpproxy/core/verdict/verdict";
import { expect, test } from "vitest";
import { awayProofs } from "./proofs/away-proofs.ts";
import { exitProofs } from "./proofs/exit-proofs.ts";
import { imageProofs } from "./proofs/image-proofs.ts";
import { memoryProofs } from "./proofs/memory-proofs.ts";
import { silentKillProofs } from "./proofs/silent-kill-proofs.ts";
import { startProofs } from "./proofs/start-proofs.ts";
import { stopProofs } from "./proofs/stop-proofs.ts";

/** Their cause cannot be brought about on the engine at hand; what the engine then shows can, and fixtures have the rest. */
const stagedKinds: readonly { readonly kind: VerdictKind; readonly reason: string }[] = [
  { kind: "oom_likely", reason: "needs an engine that misses its kernel's OOM events" },
  { kind: "host_oom", reason: "needs a machine without memory" },
];

const nowhere = { open: "", locked: "", silent: "", closed: "", npm: "" };
const proofs = [
  ...memoryProofs,
  ...exitProofs,
  ...stopProofs,
  ...startProofs,
  ...silentKillProofs,
  ...imageProofs(nowhere),
  ...Object.values(awayProofs),
];

const namesOf = (kind: VerdictKind) => proofs.filter(({ expected }) => expected.kind === kind).map(({ name }) => name);

test.each(verdictKinds)("%s is provoked on a real engine and read through the API", (kind) => {
  expect(namesOf(kind)).not.toEqual([]);
});

test.each(stagedKinds)("$kind shows what such an end leaves, by a silent SIGKILL: it $reason", ({ kind }) => {
  expect(namesOf(kind).filter((name) => !name.startsWith("sigkill-"))).toEqual([]);
});

test("each proof has a name of its own, which is the name of its server", () => {
  const names = proofs.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
