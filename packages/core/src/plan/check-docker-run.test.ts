import { describe, expect, it } from "vitest";
import { checkDockerRun } from "./check-docker-run.ts";
import { parseDockerRun } from "./docker-run-command.ts";

function check(line: string) {
  const command = parseDockerRun(line.split(" "));
  if (command === undefined) throw new Error(`Not a docker run: ${line}`);
  return checkDockerRun("a", command, { platform: "linux", homeDirectory: "/home/u" });
}

describe("a docker run that cannot serve over stdio is refused", () => {
  it.each([
    ["docker run -it --rm x", '"the input device is not a TTY"', 'write "-i" instead of "-it"'],
    ["docker run -i --tty x", '"the input device is not a TTY"', "Remove -t"],
    ["docker run -i -d x", "in the background", "Remove -d"],
    ["docker run --rm x", "does not attach stdin", 'Add "-i"'],
    ["podman run -it x", '"the input device is not a TTY"', "Remove -t"],
  ])("%s", (line, message, remedy) => {
    expect(check(line).refusal).toMatchObject({
      code: "docker_run_unusable",
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    });
  });
});

describe("a docker run that gives the machine away is flagged", () => {
  it.each([
    ["docker run -i --privileged x", "--privileged"],
    ["docker run -i --network=host x", "--network host"],
    ["docker run -i --cap-add SYS_ADMIN x", "--cap-add SYS_ADMIN"],
    ["docker run -i -v /:/host x", "--volume /:/host"],
    ["docker run -i -v /home/u/.ssh:/k:ro,z x", "gives away /home/u/.ssh"],
    ["docker run -i -v/var/run/docker.sock:/s x", "gives away /var/run/docker.sock"],
    ["docker run -i --mount type=bind,src=/etc,dst=/e x", "gives away /etc"],
    ["docker run -i --use-api-socket x", "--use-api-socket"],
  ])("%s", (line, message) => {
    expect(check(line).findings).toMatchObject([
      { code: "docker_run_flag", severity: "danger", message: expect.stringContaining(message) },
    ]);
  });

  it("warns of a restart policy", () => {
    expect(check("docker run -i --restart always x").findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("--restart always") },
    ]);
  });

  it.each([
    "docker run -i --rm -e TOKEN ghcr.io/github/github-mcp-server",
    "docker run -i --privileged=false --restart no x",
    "docker run -i --mount type=bind,src=/srv/data,dst=/d,readonly -v cache:/c x",
    "docker run -i --mount type=bind,src=/usr/share/doc,dst=/d,ro x",
  ])("%s is fine", (line) => {
    expect(check(line)).toEqual({ findings: [] });
  });
});
