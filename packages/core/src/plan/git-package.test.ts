import { describe, expect, it } from "vitest";
import type { Runtime } from "../runtime/runtime.ts";
import { imageWithGit, isGitPackage } from "./git-package.ts";
import { findingsOf, isolatedPlanOf } from "./plan-case.test-data.ts";

describe("packages from git", () => {
  it.each<[Runtime, string[]]>([
    ["uvx", ["--from", "git+https://github.com/a/b", "b"]],
    ["uvx", ["--from", "b @ git+ssh://git@github.com/a/b", "b"]],
    ["uvx", ["--from=git+https://github.com/a/b@v1", "b"]],
    ["uv", ["run", "--with", "git+https://h/a", "x"]],
    ["pip", ["install", "git+file:///x"]],
    ["pipx", ["run", "--spec", "git+https://h/a/b", "b"]],
    ["npx", ["-y", "github:a/b"]],
    ["npx", ["-y", "gist:1234"]],
    ["npx", ["-y", "git+https://github.com/a/b.git"]],
    ["npx", ["-y", "git+ssh://git@github.com/a/b"]],
    ["npx", ["git@github.com:a/b.git"]],
    ["npx", ["https://github.com/a/b.git#v1"]],
    ["npx", ["--package=github:a/b", "b"]],
    ["npx", ["-p", "github:a/b", "b"]],
    ["npx", ["-y", "a/b"]],
    ["npx", ["-y", "a/b#main"]],
    ["npm", ["exec", "-y", "a/b"]],
    ["pnpm", ["dlx", "a/b"]],
    ["bun", ["x", "a/b"]],
    ["bunx", ["a/b"]],
  ])("%s %j needs git", (runtime, args) => {
    expect(isGitPackage(runtime, args)).toBe(true);
  });

  it.each<[Runtime, string[]]>([
    ["npx", ["-y", "@a/b"]],
    ["npx", ["-y", "@a/b@1.0.0", "a/b"]],
    ["npx", ["-y", "x", "/data/a"]],
    ["npx", ["./a/b"]],
    ["npx", ["-y", "x", "https://api.example/a"]],
    ["npm", ["run", "a/b"]],
    ["bun", ["src/index.ts"]],
    ["bun", ["run", "src/index.ts"]],
    ["uvx", ["mcp-server-git", "--repository", "/a/b"]],
    ["node", ["a/b"]],
    ["custom", ["git+https://h/a"]],
  ])("%s %j needs none", (runtime, args) => {
    expect(isGitPackage(runtime, args)).toBe(false);
  });
});

it.each([
  ["node:20-slim", "node:20"],
  ["node:20-bookworm-slim", "node:20-bookworm"],
  ["node:20-alpine3.19", "node:20"],
  ["node:slim", "node:latest"],
  ["python:3.12-slim-bookworm", "python:3.12"],
  ["r.example:5000/x/python:3.12-slim", "r.example:5000/x/python:3.12"],
  ["ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "ghcr.io/astral-sh/uv:python3.12-bookworm"],
  ["node:20", undefined],
  ["my-node:20-slim", undefined],
  ["node@sha256:00", undefined],
])("%s has git as %s", (image, complete) => {
  expect(imageWithGit(image)).toBe(complete);
});

describe("in the plan", () => {
  const server = { command: "npx", args: ["-y", "github:a/b"] };

  it("a small default image makes way for the full one, and git is required", () => {
    const plan = isolatedPlanOf({ server, global: { default_images: { npx: "node:20-slim" } } });
    expect(plan).toMatchObject({ image: "node:20", requiredPrograms: ["npx", "git"] });
  });

  it("an image of the user's own stays, with the better one as a fix", () => {
    const input = { server, isolation: { image: "node:20-slim" } };
    expect(isolatedPlanOf(input).image).toBe("node:20-slim");
    expect(findingsOf(input)).toMatchObject([
      { code: "image_without_git", fix: { key: "image", operation: "set", value: "node:20" } },
    ]);
  });

  it("is seen inside a wrapper", () => {
    const wrapped = { command: "sh", args: ["-c", "npx -y github:a/b"] };
    expect(isolatedPlanOf({ server: wrapped }).requiredPrograms).toEqual(["sh", "npx", "git"]);
  });
});
