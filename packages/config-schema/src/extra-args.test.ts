import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse-config.ts";

type Isolation = Readonly<Record<string, unknown>>;

function parse(
  extraArgs: readonly string[],
  { beside = {}, isGlobal = false }: { beside?: Isolation; isGlobal?: boolean } = {},
) {
  const isolation = { ...beside, extra_args: extraArgs };
  const config = isGlobal
    ? { docker_isolation: isolation }
    : { mcpServers: [{ name: "a", command: "npx", isolation }] };
  const { issues, servers, settings } = parseConfig(JSON.stringify(config), "mcp_config.json");
  const [server] = servers;
  return {
    values: isGlobal ? settings?.dockerIsolation : server?.ok ? server.server.isolation : undefined,
    issues: [...issues, ...servers.flatMap((one) => (one.ok ? [] : one.issues))],
  };
}

/** Place, message and remedy of each issue, without what all of them share. */
function problems(...[extraArgs, options]: Parameters<typeof parse>) {
  return parse(extraArgs, options).issues.map(({ path, message, remedy }) => [
    path.replace(/^.*extra_args/, ""),
    message.replace(/^extra_args: /, ""),
    remedy,
  ]);
}

/** Every flag that may stand here: its spellings, an example, and what it means. */
const flags: readonly (readonly [spellings: readonly string[], value: string, name: string, domain: unknown])[] = [
  [["--memory", "-m"], "1g", "memoryLimitBytes", 1024 ** 3],
  [["--memory-swap"], "2g", "memorySwapBytes", 2 * 1024 ** 3],
  [["--cpus"], "1.5", "cpus", 1.5],
  [["--pids-limit"], "64", "pidsLimit", 64],
  [["--ulimit"], "nofile=1024:2048", "ulimits", { nofile: { soft: 1024, hard: 2048 } }],
  [["--shm-size"], "1m", "shmBytes", 1024 ** 2],
  [["--network", "--net"], "none", "networkMode", "none"],
  [["--dns"], "1.1.1.1", "dns", ["1.1.1.1"]],
  [["--add-host"], "db:10.0.0.5", "extraHosts", ["db:10.0.0.5"]],
  [["--tmpfs"], "/tmp:size=1m", "tmpfs", [{ path: "/tmp", options: "size=1m" }]],
  [["--user", "-u"], "1000:1000", "user", "1000:1000"],
  [["--cap-drop"], "ALL", "capDrop", ["ALL"]],
  [["--cap-add"], "CHOWN", "capAdd", ["CHOWN"]],
  [["--security-opt"], "label=disable", "securityOpt", ["label=disable"]],
  [["--runtime"], "runsc", "ociRuntime", "runsc"],
  [["--device"], "/dev/fuse", "devices", [{ hostPath: "/dev/fuse", containerPath: "/dev/fuse", permissions: "rwm" }]],
  [["--pull"], "never", "pullPolicy", "never"],
  [["--platform"], "linux/arm64", "platform", "linux/arm64"],
  [["--log-driver"], "json-file", "logDriver", "json-file"],
  [["--workdir", "-w"], "/w", "workingDir", "/w"],
  [["--volume", "-v"], "/h:/c:rw", "volumes", [{ hostPath: "/h", containerPath: "/c", isReadOnly: false }]],
];

describe("flags that have a key", () => {
  const spelled = flags.flatMap(([spellings, value, name, domain]) =>
    spellings.flatMap((flag) =>
      [[flag, value], [`${flag}=${value}`], ...(flag.startsWith("--") ? [] : [[`${flag}${value}`]])].map(
        (words) => [words, name, domain] as const,
      ),
    ),
  );
  it.each(spelled)("%j means %s %j", (words, name, domain) => {
    expect(parse(words).values).toMatchObject({ [name]: domain });
  });

  it.each([
    [["--init"], "hasInit", true],
    [["--init=false"], "hasInit", false],
    [["--init=0"], "hasInit", false],
    [["--read-only"], "isReadOnlyRoot", true],
    [["--read-only=T"], "isReadOnlyRoot", true],
    [["--read-only=false"], "isReadOnlyRoot", false],
  ])("the switch %j means %s %j", (words, name, value) => {
    expect(parse(words).values).toMatchObject({ [name]: value });
  });

  it("collects what may be given several times", () => {
    const words = ["--dns=1.1.1.1", "--dns", "8.8.8.8", "--ulimit=nofile=1", "--ulimit", "nproc=2"];
    expect(parse(words).values).toMatchObject({
      dns: ["1.1.1.1", "8.8.8.8"],
      ulimits: { nofile: { soft: 1, hard: 1 }, nproc: { soft: 2, hard: 2 } },
    });
  });

  it("hold for all servers, except where they concern one", () => {
    expect(parse(["--memory=1g"], { isGlobal: true }).values).toMatchObject({ memoryLimitBytes: 1024 ** 3 });
    expect(problems(["--init", "-w", "/w", "-v/h:/c"], { isGlobal: true })).toEqual([
      ["[1]", "-w cannot hold for all servers.", "Set working_dir in the isolation of the server that needs it."],
      ["[3]", "-v cannot hold for all servers.", "Set volumes in the isolation of the server that needs it."],
    ]);
  });
});

describe("what is wrong with a flag is said at its place", () => {
  it.each([
    [["--init", "--memory", "1x"], "[1]", '--memory: "1x" is not an amount of memory.'],
    [["--pids-limit=-1"], "[0]", "--pids-limit: must be a whole number from 1 to 4194304."],
    [["--pids-limit", "many"], "[0]", "--pids-limit: must be a whole number from 1 to 4194304."],
    [["--ulimit=nofile=x", "--ulimit=nproc=1"], "[0]", '--ulimit: "x" is not a limit.'],
    [["--ulimit", "nofile"], "[0]", '--ulimit: "" is not a limit.'],
    [["--ulimit=files=1"], "[0]", '--ulimit: "files" is not the name of a limit.'],
    [["--dns=1.1.1.1", "--dns=dns.google"], "[1]", "--dns: must be an IP address, for example 1.1.1.1."],
    [["--init=maybe"], "[0]", "--init: must be true or false, not text in quotes."],
    [["--pull=newer"], "[0]", '--pull: must be one of "missing", "always", "never".'],
    [["--network=container:x"], "[0]", '--network: "container:x" is not a network.'],
    [["-v", "data:/data"], "[0]", '-v: "data:/data" has a host path that is not absolute.'],
    [["--init", "--memory"], "[1]", "--memory needs a value."],
    [["-m"], "[0]", "-m needs a value."],
    [["--memory=1g", "-m2g"], "[1]", "-m says the same as --memory."],
    [["--init", "--init=false"], "[1]", "--init is given twice."],
    [["--ulimit=nofile=1", "--ulimit=nofile=2"], "[1]", "--ulimit is given twice."],
    [["--memory 1g"], "[0]", '"--memory" and its value are in one entry.'],
    [["--frobnicate"], "[0]", '"--frobnicate" is not a flag that MCPProxy passes on.'],
    [["--frobnicate", "hard", "--init"], "[0]", '"--frobnicate" is not a flag that MCPProxy passes on.'],
    [["--"], "[0]", '"--" is not a flag that MCPProxy passes on.'],
    [["node:20"], "[0]", "an entry is not a flag: only flags of docker run and their values may stand here."],
    [[""], "[0]", "an entry is not a flag: only flags of docker run and their values may stand here."],
  ])("%j", (words, place, message) => {
    expect(problems(words)).toEqual([[place, message, expect.any(String)]]);
  });

  it.each([
    [["--memory=1g"], { memory_limit: "2g" }, "--memory contradicts memory_limit, which is set here too."],
    [["--cap-add", "CHOWN"], { cap_add: [] }, "--cap-add contradicts cap_add, which is set here too."],
    [["--read-only=false"], { read_only: true }, "--read-only contradicts read_only, which is set here too."],
    [["-v/a:/b"], { volumes: ["/c:/d"] }, "-v contradicts volumes, which is set here too."],
  ])("%j beside %j", (words, beside, message) => {
    expect(problems(words, { beside })).toEqual([["[0]", message, "Remove one of them."]]);
  });

  it("every one of them, not only the first", () => {
    const words = ["--privileged", "--memory=x", "--init", "--tty", "--memory=1g"];
    expect(new Set(problems(words).map(([place]) => place))).toEqual(new Set(["[0]", "[1]", "[3]", "[4]"]));
  });
});

/** The flags of https://docs.docker.com/reference/cli/docker/container/run/ without those above. */
const refused = `--annotation --attach -a --blkio-weight --blkio-weight-device --cgroup-parent --cgroupns --cidfile
  --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime --cpu-shares -c --cpuset-cpus
  --cpuset-mems --detach -d --detach-keys --device-cgroup-rule --device-read-bps --device-read-iops --device-write-bps
  --device-write-iops --disable-content-trust --dns-opt --dns-option --dns-search --domainname --entrypoint --env -e
  --env-file --expose --gpus --group-add --health-cmd --health-interval --health-retries --health-start-interval
  --health-start-period --health-timeout --help --hostname -h --interactive -i --io-maxbandwidth --io-maxiops --ip
  --ip6 --ipc --isolation --kernel-memory --label -l --label-file --link --link-local-ip --log-opt --mac-address
  --memory-reservation --memory-swappiness --mount --name --net-alias --network-alias --no-healthcheck
  --oom-kill-disable --oom-score-adj --pid --privileged --publish -p --publish-all -P --quiet -q --restart --rm
  --sig-proxy --stop-signal --stop-timeout --storage-opt --sysctl --tty -t -it -ti -dit --use-api-socket --userns --uts
  --volume-driver --volumes-from`.split(/\s+/);

describe("flags that are refused by name", () => {
  it.each(refused)("%s, with the reason and what to do", (flag) => {
    const [[place, message, remedy] = []] = problems([flag]);
    expect([place, message]).toEqual(["[0]", expect.stringContaining(`"${flag}" is not allowed: `)]);
    expect(remedy).toMatch(/\.$/);
  });

  it.each([
    [["-e", "TOKEN=hunter22"]],
    [["-eTOKEN=hunter22"]],
    [["--env=TOKEN=hunter22"]],
    [["--env", "TOKEN=hunter22", "--label", "password=hunter22"]],
    [["--env TOKEN=hunter22"]],
    [["-e TOKEN=hunter22"]],
    [["--password", "hunter22"]],
    [["--password hunter22"]],
    [["TOKEN=hunter22"]],
  ])("%j, without the value", (words) => {
    const found = problems(words);
    expect(found.length).toBe(words.filter((word) => word.startsWith("-")).length || 1);
    expect(JSON.stringify(found)).not.toContain("hunter22");
  });
});

it("takes or refuses any list of words, and points at an entry of it", () => {
  const word = fc.oneof(fc.constantFrom(...refused, ...flags.flatMap(([spellings]) => spellings)), fc.string());
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const { values, issues } = parse(words);
      expect(values === undefined).toBe(issues.length > 0);
      for (const { path } of issues)
        expect(Number(/extra_args\[(\d+)\]$/.exec(path)?.[1] ?? -1)).toBeLessThan(words.length);
    }),
  );
});
