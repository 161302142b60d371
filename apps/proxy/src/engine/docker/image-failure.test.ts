import { describe, expect, it } from "vitest";
import { classifyImageFailure, imageError, imageStalled, withAdvice } from "./image-failure.ts";

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
    ["denied", "denied"],
    ['Head "http://127.0.0.1:5055/v2/x/manifests/1": no basic auth credentials', "denied"],
    ["expected HTTP 206 from byte range request", "registry_unreachable"],
    ["unexpected EOF", "registry_unreachable"],
    ["open /var/lib/docker/tmp/x: permission denied", "other"],
    ["manifest for 127.0.0.1:5055/node:nope not found: manifest unknown: manifest unknown", "not_found"],
    ["no matching manifest for linux/arm64/v8 in the manifest list entries", "wrong_platform"],
    ["failed to register layer: write /bin/x: no space left on device", "no_space"],
    ["write /var/lib/docker/tmp/GetImageBlob123: no space left on device", "no_space"],
    ["filesystem layer verification failed for digest sha256:12", "other"],
    ["the moon is full", "other"],
  ] as const)("%s is %s", (message, code) => {
    expect(classifyImageFailure(message)).toBe(code);
  });

  it("says both meanings of a refusal", () => {
    const { message } = imageError("nope:1", "pull access denied for nope");
    expect(message).toContain("does not exist there, or it needs a login");
  });

  it("says that damaged bytes were thrown away", () => {
    const { message } = imageError("host:1/x:1", "filesystem layer verification failed for digest sha256:12");
    expect(message).toContain("is not what its digest promises");
  });

  it("says how far a registry came before it fell silent", () => {
    const progress = { state: "pulling", layersDone: 0, layersTotal: 1, bytesTotal: 4096, layers: [] } as const;
    const error = imageStalled({
      image: "node:20",
      stallTimeoutMs: 60_000,
      progress: { ...progress, image: "node:20", bytesDone: 2048 },
    });
    expect(error.message).toMatch(/^Image node:20 .* docker\.io sent nothing for 60 s after 2 KiB/);
    expect(error.detail).toMatchObject({ code: "timed_out", remedy: expect.stringContaining("Check the network") });
  });

  it("keeps stage and code when advice is added", () => {
    const error = withAdvice(imageError("nope:1", "denied"), "Log in.");
    expect(error.message).toMatch(/ Log in\.$/);
    expect(error.detail).toEqual({ stage: "image", code: "denied", remedy: "Log in." });
  });
});
