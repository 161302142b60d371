import { describe, expect, it } from "vitest";
import { dockerCommandFailure, saysPull, saysPulled } from "./docker-command-failure.ts";

const help = "\n\nRun 'docker run --help' for more information\n";
const missing = "Unable to find image 'mcp/x:latest' locally\n";

describe("why a docker command ended before its container ran", () => {
  it.each<[string, string, object, string]>([
    [
      "an unreachable registry",
      `${missing}docker: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host${help}`,
      { stage: "image", code: "registry_unreachable" },
      "The registry",
    ],
    [
      "a refused pull",
      `${missing}docker: Error response from daemon: pull access denied for mcp/x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied.${help}`,
      { stage: "image", code: "denied" },
      "docker login",
    ],
    [
      "a tag that does not exist",
      `${missing}docker: Error response from daemon: manifest for mcp/x:9 not found: manifest unknown: manifest unknown.${help}`,
      { stage: "image", code: "not_found", remedy: 'Correct the image in "args" of this server.' },
      "was not found",
    ],
    [
      "a broken image name",
      "docker: invalid reference format.\nSee 'docker run --help'.\n",
      { stage: "image", code: "not_found", remedy: 'Correct the image in "args" of this server.' },
      "invalid reference format",
    ],
    [
      "a missing program",
      `docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown${help}`,
      { stage: "start", exitCode: 125 },
      'exec: "nope"',
    ],
    [
      "a missing network",
      `docker: Error response from daemon: network nonet not found${help}`,
      { stage: "create" },
      "network nonet not found",
    ],
    ["an unknown flag", `unknown flag: --bogus${help}`, { stage: "create" }, "unknown flag: --bogus"],
    [
      "a name in use",
      `docker: Error response from daemon: Conflict. The container name "/mine" is already in use by container "1".\nSee 'docker run --help'.\n`,
      { stage: "create" },
      "already in use",
    ],
    [
      "no engine",
      `docker: Cannot connect to the Docker daemon at unix:///nosock. Is the docker daemon running?${help}`,
      { stage: "engine" },
      "Cannot connect",
    ],
    ["a terminal", "the input device is not a TTY\n", { stage: "create" }, "the input device is not a TTY"],
    ["silence", "", { stage: "create" }, "ended with code 125 before its container ran"],
  ])("%s", (...[, stderr, detail, words]) => {
    const error = dockerCommandFailure({ image: "mcp/x", stderr, exitCode: 125 });
    expect(error.detail).toEqual(detail);
    expect(error.message).toContain(words);
  });

  it("tells a pull from its output, and its end", () => {
    expect(saysPull(missing)).toBe(true);
    expect(saysPull("0123456789ab: Pulling fs layer\n")).toBe(true);
    expect(saysPull("WARNING: The requested image's platform does not match")).toBe(false);
    expect(saysPulled(`${missing}Status: Downloaded newer image for mcp/x:latest\n`)).toBe(true);
  });
});
