import type { Runtime } from "../runtime/runtime.ts";

/** The image for each runtime where the configuration names none. */
export const defaultImages: Readonly<Record<Exclude<Runtime, "custom">, string>> = {
  npx: "node:20",
  npm: "node:20",
  node: "node:20",
  pnpm: "node:20",
  yarn: "node:20",
  bun: "oven/bun:1",
  bunx: "oven/bun:1",
  deno: "denoland/deno:2.5.0",
  uvx: "python:3.11",
  uv: "python:3.11",
  python: "python:3.11",
  pip: "python:3.11",
  pipx: "python:3.11",
  go: "golang:1.25",
  cargo: "rust:1",
  ruby: "ruby:3.4",
  gem: "ruby:3.4",
  php: "php:8.4-cli",
  composer: "composer:2",
  java: "eclipse-temurin:21",
  dotnet: "mcr.microsoft.com/dotnet/sdk:8.0",
  sh: "debian:12-slim",
  bash: "debian:12-slim",
};

/** An image of the same family with the version that the program's own name asks for (python3.12, node22). */
export function matchVersion(image: string, version: string | undefined): string {
  if (version === undefined) return image;
  if (/^\d+\.\d+$/.test(version))
    return image.replace(/^((?:.*\/)?(?:python|ruby|php|golang)):\d+\.\d+(?=-|$)/, `$1:${version}`);
  return /^\d{2,}$/.test(version) ? image.replace(/^((?:.*\/)?node):\d+(?=-|$)/, `$1:${version}`) : image;
}
