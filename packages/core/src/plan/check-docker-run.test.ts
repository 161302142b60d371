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
    ["docker run -i --network name=host,alias=a x", "--network name=host"],
    ["docker run -i --pid container:db x", "--pid container:db"],
    ["docker run -i --cap-add cap_sys_rawio x", "--cap-add cap_sys_rawio"],
    ["docker run -i --gpus all x", "--gpus all"],
    ["docker run -i --volumes-from db x", "--volumes-from db"],
    ["docker run -i --mount TYPE=Bind,SRC=/,dst=/h x", "gives away /"],
    ['docker run -i --mount "type=bind","src=/etc,x/..","dst=/h" x', "gives away /etc,x/.."],
    [
      "docker run -i --mount type=volume,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/,dst=/h x",
      "gives away /",
    ],
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
    "docker run -i --mount type=bind,src=/usr/share/doc,dst=/d,readonly=1 --network name=hosts x",
    "docker run -i --mount type=volume,src=data,dst=/d,volume-opt=o=size=1g x",
  ])("%s is fine", (line) => {
    expect(check(line)).toEqual({ findings: [] });
  });
});
