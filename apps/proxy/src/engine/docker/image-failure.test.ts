import { describe, expect, it } from "vitest";
import { classifyImageFailure, imageError } from "./image-failure.ts";

describe("classifyImageFailure", () => {
  it.each([
    [
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 127.0.0.53:53: no such host',
      "registry_unreachable",
    ],
    ['Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', "registry_unreachable"],
    ['Get "https://registry/v2/": x509: certificate signed by unknown authority', "registry_unreachable"],
    ['Get "https://registry/v2/": net/http: TLS handshake timeout', "registry_unreachable"],
    [
      "pull access denied for nope, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      "denied",
    ],
    ["unauthorized: authentication required", "denied"],
    ["manifest for 127.0.0.1:5055/node:nope not found: manifest unknown: manifest unknown", "not_found"],
    ["no matching manifest for linux/arm64/v8 in the manifest list entries", "wrong_platform"],
    ["failed to register layer: write /bin/x: no space left on device", "no_space"],
    ["the moon is full", "other"],
  ] as const)("%s is %s", (message, code) => {
    expect(classifyImageFailure(message)).toBe(code);
  });

  it("says both meanings of a refusal", () => {
    const { message } = imageError("nope:1", "pull access denied for nope");
    expect(message).toContain("does not exist there, or it needs a login");
  });
});
