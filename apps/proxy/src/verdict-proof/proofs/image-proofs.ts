import type { VerdictProof } from "../verdict-proof.ts";

export interface ProofRegistries {
  /** host:port of a registry with one image, made-up:1. */
  readonly open: string;
  /** Lets nobody in. */
  readonly locked: string;
  /** Begins to send a layer and falls silent. */
  readonly silent: string;
  /** Nobody listens there. */
  readonly closed: string;
  /** Of a package that nobody has. */
  readonly npm: string;
}

type ImageCase = Pick<VerdictProof, "name" | "isolation"> & { readonly summary: RegExp; readonly remedy?: RegExp };

/** Images that cannot be had, and packages that the registry does not have. */
export function imageProofs(registries: ProofRegistries): readonly VerdictProof[] {
  const cases: readonly ImageCase[] = [
    { name: "image-unknown", isolation: { image: `${registries.open}/unknown:1` }, summary: /does not exist/ },
    {
      name: "image-locked",
      isolation: { image: `${registries.locked}/made-up:1` },
      summary: /the registry denied access/,
      remedy: /docker login/,
    },
    {
      name: "image-unreachable",
      isolation: { image: `${registries.closed}/made-up:1` },
      summary: /its registry could not be reached/,
      remedy: /docker pull/,
    },
    {
      name: "image-too-slow",
      isolation: { image: `${registries.silent}/made-up:1`, pull_timeout: "2s" },
      summary: /^Image .*2 s/,
      remedy: /pull_timeout/,
    },
    {
      name: "image-of-another-platform",
      isolation: { image: `${registries.open}/made-up:1`, platform: "linux/s390x" },
      summary: /platform/,
    },
    {
      name: "image-not-here-and-not-to-be-pulled",
      isolation: { image: `${registries.open}/unknown:2`, pull_policy: "never" },
      summary: /^Image .*unknown:2 is not on this machine and pull_policy is "never"\.$/,
      remedy: /docker pull/,
    },
  ];
  return [
    ...cases.map(({ name, isolation, ...expected }) => ({
      name,
      command: ["node", "server.js"] as const,
      isolation: { pull_policy: "missing", ...isolation },
      provoke: { by: "start" } as const,
      expected: { kind: "image_failed", confidence: "certain", exitCode: null, ...expected } as const,
    })),
    {
      name: "npm-package-unknown",
      command: ["npx", "-y", "no-such-package"],
      env: { npm_config_registry: registries.npm, npm_config_fetch_retries: "0" },
      isolation: { network_mode: "host" },
      provoke: { by: "start" },
      expected: {
        kind: "package_failed",
        summary: /^npm did not find the package no-such-package\S* \(E404\)\.$/,
        exitCode: 1,
      },
    },
    {
      name: "npm-registry-away",
      command: ["npx", "-y", "no-such-package"],
      env: { npm_config_registry: `http://${registries.closed}`, npm_config_fetch_retries: "0" },
      isolation: { network_mode: "host" },
      provoke: { by: "start" },
      expected: {
        kind: "package_failed",
        summary: "npm could not reach the registry (ECONNREFUSED).",
        exitCode: 1,
      },
    },
  ];
}
