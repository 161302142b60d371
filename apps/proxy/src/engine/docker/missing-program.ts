import { EngineError } from "../engine.ts";

/** What a shell and the engine say for a command that is not there. */
const commandNotFound = 127;

/** The error for a container that was not started, because its image lacks a program; core's verdict keeps these words. */
export function missingProgramError({
  image,
  program,
}: {
  readonly image: string;
  readonly program: string;
}): EngineError {
  const message = `The image ${image} has no "${program}". ${remedyFor(program)}`;
  return new EngineError(message, { stage: "start", exitCode: commandNotFound });
}

function remedyFor(program: string): string {
  const known = knownImages[program];
  const advice = known === undefined ? "" : `, for example ${known}`;
  return `Choose an image that holds it with "isolation": { "image": "name:tag" }${advice}, or correct "command".`;
}

/** Public images that hold programs which the stock images of their language lack. */
const knownImages: Readonly<Record<string, string>> = {
  uvx: "ghcr.io/astral-sh/uv:python3.11-bookworm-slim",
  uv: "ghcr.io/astral-sh/uv:python3.11-bookworm-slim",
  bun: "oven/bun:1",
  bunx: "oven/bun:1",
  deno: "denoland/deno:2.5.0",
};
