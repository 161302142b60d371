import { describe, expect, it } from "vitest";
import { defaultImages } from "./default-images.ts";
import { isolatedPlanOf, type PlanCase } from "./plan-case.test-data.ts";

function imageOf(command: string, args: readonly string[] = [], input: PlanCase = {}): string {
  return isolatedPlanOf({ ...input, server: { command, args } }).image;
}

it.each(Object.entries(defaultImages))("%s runs in %s where nobody says otherwise", (runtime, image) => {
  expect(imageOf(runtime)).toBe(image);
});

describe("a version in the program's name", () => {
  it.each<[string, PlanCase, string]>([
    ["python3", {}, "python:3.11"],
    ["python3.12", {}, "python:3.12"],
    ["/opt/venv/bin/python3.13", {}, "python:3.13"],
    ["pip3.12", {}, "python:3.12"],
    ["node22", {}, "node:22"],
    ["php8.3", {}, "php:8.3-cli"],
    ["go1.24", {}, "golang:1.24"],
    ["ruby3.3", {}, "ruby:3.3"],
    ["python3.12", { global: { default_images: { python: "python:3.11-slim" } } }, "python:3.12-slim"],
    ["python3.12", { global: { default_images: { python: "r.example/x/python:3.11" } } }, "r.example/x/python:3.12"],
    ["python3.12", { global: { default_images: { "python3.12": "my:1" } } }, "my:1"],
    ["python3.12", { isolation: { image: "python:3.10" } }, "python:3.10"],
  ])("%s %j → %s", (command, input, image) => {
    expect(imageOf(command, [], input)).toBe(image);
  });
});

describe("a Python that uv, pipx or py are asked for", () => {
  const guide = { global: { default_images: { uvx: "python:3.11", npx: "node:20" } } };
  it.each<[string, string[], PlanCase, string]>([
    ["uvx", ["--python", "3.12", "x"], {}, "python:3.12"],
    ["uvx", ["--python=3.13", "x"], {}, "python:3.13"],
    ["uvx", ["-p", "3.12", "x"], {}, "python:3.12"],
    ["uvx", ["-p3.12", "x"], {}, "python:3.12"],
    ["uvx", ["--from", "git+https://h/x", "-q", "--python", "python3.12", "x"], {}, "python:3.12"],
    ["uvx", ["--no-cache", "--python", "cpython@3.12.4", "x"], {}, "python:3.12"],
    ["uvx", ["--python", "3.12", "x"], guide, "python:3.12"],
    ["uv", ["tool", "run", "--python", "3.12", "x"], {}, "python:3.12"],
    ["uv", ["run", "--with", "mcp", "--python", "3.12", "x.py"], {}, "python:3.12"],
    ["pipx", ["run", "--python", "python3.12", "x"], {}, "python:3.12"],
    ["py", ["-3.12", "-m", "x"], {}, "python:3.12"],
    ["env", ["A=b", "uvx", "--python", "3.12", "x"], {}, "python:3.12"],
    ["uvx", ["x", "--python", "3.12"], {}, "python:3.11"],
    ["uvx", ["x", "-p", "3.12"], {}, "python:3.11"],
    ["uvx", ["3.12"], {}, "python:3.11"],
    ["uvx", ["--python", "pypy", "x"], {}, "python:3.11"],
    ["uvx", ["--python", "3.12", "x"], { isolation: { image: "my:1" } }, "my:1"],
  ])("%s %j %j → %s", (...[command, args, input, image]) => {
    expect(imageOf(command, args, input)).toBe(image);
  });
});

describe("default images of the configuration", () => {
  it.each<[string, PlanCase, string]>([
    ["npx", { global: { default_images: { npx: "node:24-slim" } } }, "node:24-slim"],
    ["npm", { global: { default_images: { npx: "node:24-slim" } } }, "node:20"],
    ["mytool", { global: { default_images: { mytool: "my:1" } } }, "my:1"],
    ["/opt/mytool", { global: { default_images: { mytool: "my:1" } } }, "my:1"],
  ])("%s %j → %s", (command, input, image) => {
    expect(imageOf(command, [], input)).toBe(image);
  });
});

describe("registry", () => {
  it.each([
    ["registry.example:5000", {}, "registry.example:5000/node:20"],
    ["registry.example/mirror", {}, "registry.example/mirror/node:20"],
    ["docker.io", {}, "node:20"],
    ["registry.example", { npx: "a/node:1" }, "registry.example/a/node:1"],
    ["registry.example", { npx: "ghcr.io/a/node:1" }, "ghcr.io/a/node:1"],
    ["registry.example", { npx: "localhost/node:1" }, "localhost/node:1"],
    ["registry.example", { npx: "other:5000/node" }, "other:5000/node"],
  ])("%s with %j → %s", (registry, images, image) => {
    expect(imageOf("npx", [], { global: { registry, default_images: images } })).toBe(image);
  });

  it("does not touch an image that the server names", () => {
    expect(imageOf("npx", [], { isolation: { image: "node:24", registry: "registry.example" } })).toBe("node:24");
  });
});
