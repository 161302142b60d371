import * as z from "zod";
import { parseListenAddress } from "./listen-address.ts";
import type { UnitResult } from "./unit-result.ts";
import { parseCpus, parseDuration, parseMemory } from "./units.ts";
import { parseVolume } from "./volume.ts";

/** Fields with units: raw text as people write it in, domain value out. */
export const memoryField = unitField(parseMemory).describe(
  'Memory with b, k, m or g, for example "512m". At least 6m.',
);
export const cpusField = unitField(parseCpus).describe('CPU cores, for example "1.0" or "0.5".');
export const durationField = unitField(parseDuration).describe('A duration with ms, s, m or h, for example "30s".');
export const volumeField = z
  .string()
  .transform(unwrapWith(parseVolume))
  .describe("host:container[:ro|rw], read-only unless it says rw.");
export const listenField = z
  .string()
  .transform(unwrapWith(parseListenAddress))
  .describe('Address to listen on, for example "127.0.0.1:8080".');

export const networkModeField = patternField({
  pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
  problem: "is not a network.",
  remedy: 'Use "bridge", "none", "host" or the name of a Docker network.',
});

export const imageField = patternField({
  // Docker's reference grammar, loosely: what a shell or a URL could misread is out, the engine judges the rest.
  pattern: /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/,
  problem: "is not the name of an image.",
  remedy: 'Write it as "name:tag", for example "node:20".',
});

export const containerPathField = patternField({
  pattern: /^\/[^\0]*$/,
  problem: "is not an absolute path in the container.",
  remedy: 'Write a path that starts with "/", for example "/workspace".',
});

export const hostPathField = patternField({
  pattern: /^(?:\/|[A-Za-z]:[\\/])[^\0]*$/,
  problem: "is not an absolute path on this machine.",
  remedy: 'Write the whole path, for example "/home/me/project".',
});

export const logDriverField = patternField({
  pattern: /^[a-z0-9][a-z0-9._:/-]*$/,
  problem: "is not the name of a log driver.",
  remedy: 'Use "local", "json-file" or another log driver of your Docker engine.',
});

/** Kept as text: Docker reads this one in decimal units, unlike memory. */
export const logSizeField = patternField({
  pattern: /^[1-9]\d*[kmg]$/,
  problem: "is not a size of a log file.",
  remedy: 'Write a whole number with k, m or g, for example "10m".',
});

export const serverNameField = patternField({
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  problem: "cannot be used as a server name: it becomes part of container and file names.",
  remedy: "Use 1 to 64 letters, digits, dots, dashes or underscores, with a letter or digit first.",
});

export const pullPolicyField = z.enum(["missing", "always", "never"]).describe("When to pull the image.");

export const caCertificatesField = patternField({
  pattern: /^(?:auto|none|\/[^\0]+|[A-Za-z]:[\\/][^\0]+)$/,
  problem: "is not a choice of CA certificates.",
  remedy: 'Use "auto", "none" or the absolute path of a PEM bundle.',
}).transform(toCaCertificates);

export type CaCertificates =
  | { readonly kind: "auto" }
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly path: string };

/** A whole number within bounds, with the bounds in the message. */
export function countField(bounds: { readonly minimum: number; readonly maximum: number }) {
  const error = `must be a whole number from ${bounds.minimum} to ${bounds.maximum}.`;
  return z.int({ error }).min(bounds.minimum, { error }).max(bounds.maximum, { error });
}

function unitField<Value>(parse: (input: string | number) => UnitResult<Value>) {
  return z.union([z.string(), z.number()]).transform(unwrapWith(parse));
}

function unwrapWith<Input, Value>(parse: (input: Input) => UnitResult<Value>) {
  return (input: Input, context: z.RefinementCtx): Value => {
    const result = parse(input);
    if (result.ok) return result.value;
    context.addIssue({ code: "custom", message: result.problem, params: { remedy: result.remedy } });
    return z.NEVER;
  };
}

function patternField(rule: { readonly pattern: RegExp; readonly problem: string; readonly remedy: string }) {
  return z
    .string()
    .refine((text) => rule.pattern.test(text), {
      error: (issue) => `${JSON.stringify(issue.input)} ${rule.problem}`,
      params: { remedy: rule.remedy },
    })
    .meta({ pattern: rule.pattern.source });
}

function toCaCertificates(value: string): CaCertificates {
  return value === "auto" || value === "none" ? { kind: value } : { kind: "file", path: value };
}
