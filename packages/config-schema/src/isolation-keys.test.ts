import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse-config.ts";
import { dockerIsolationObject, serverIsolationObject } from "./raw-config.ts";

const m = 1024 ** 2;
type Row = readonly [key: string, value: unknown, name: string, domain: unknown];

/** Every key that both levels share: what is written, and what it means. */
const shared: readonly Row[] = [
  ["preset", "standard", "preset", "standard"],
  ["preset", "strict", "preset", "strict"],
  ["memory_limit", "512m", "memoryLimitBytes", 512 * m],
  ["memory_limit", 6 * m, "memoryLimitBytes", 6 * m],
  ["memory_swap", "1g", "memorySwapBytes", 1024 * m],
  ["cpu_limit", "0.5", "cpus", 0.5],
  ["cpu_limit", 2, "cpus", 2],
  ["pids_limit", 64, "pidsLimit", 64],
  ["ulimits", { nofile: "1024:2048" }, "ulimits", { nofile: { soft: 1024, hard: 2048 } }],
  ["ulimits", { core: 0, memlock: -1 }, "ulimits", { core: { soft: 0, hard: 0 }, memlock: { soft: -1, hard: -1 } }],
  ["ulimits", { nproc: "64:-1" }, "ulimits", { nproc: { soft: 64, hard: -1 } }],
  ["shm_size", "1m", "shmBytes", m],
  ["timeout", "1m30s", "startTimeoutMs", 90_000],
  ["pull_timeout", "20m", "pullTimeoutMs", 1_200_000],
  ["stop_timeout", "500ms", "stopTimeoutMs", 500],
  ["start", "lazy", "start", "lazy"],
  ["idle_timeout", "10m", "idleTimeoutMs", 600_000],
  ["idle_timeout", "off", "idleTimeoutMs", null],
  ["restart", { policy: "always", max_attempts: 3 }, "restart", { policy: "always", maxAttempts: 3 }],
  [
    "restart",
    { backoff_initial: "2s", backoff_max: "1m", stable_after: "5s" },
    "restart",
    { backoffInitialMs: 2_000, backoffMaxMs: 60_000, stableAfterMs: 5_000 },
  ],
  ["health_check", { interval: "off" }, "healthCheck", { intervalMs: null }],
  [
    "health_check",
    { interval: "90s", timeout: "5s", failures: 2 },
    "healthCheck",
    { intervalMs: 90_000, timeoutMs: 5_000, failures: 2 },
  ],
  ["scope", "session", "scope", "session"],
  ["max_sessions", 4, "maxSessions", 4],
  ["network_mode", "bridge", "networkMode", "bridge"],
  ["network_mode", "allowlist", "networkMode", "allowlist"],
  ["network_mode", "my_net.1", "networkMode", "my_net.1"],
  ["allow_hosts", ["registry.example"], "allowHosts", ["registry.example"]],
  ["allow_hosts", ["*.example.com", "api.x.com:8443"], "allowHosts", ["*.example.com", "api.x.com:8443"]],
  ["allow_hosts", ["bücher.example", "[::1]:443"], "allowHosts", ["bücher.example", "[::1]:443"]],
  ["dns", ["1.1.1.1", "2606:4700::1111"], "dns", ["1.1.1.1", "2606:4700::1111"]],
  ["extra_hosts", ["db.local:10.0.0.5"], "extraHosts", ["db.local:10.0.0.5"]],
  [
    "extra_hosts",
    ["host.docker.internal:host-gateway", "v6:2001:db8::1"],
    "extraHosts",
    ["host.docker.internal:host-gateway", "v6:2001:db8::1"],
  ],
  ["read_only", true, "isReadOnlyRoot", true],
  ["tmpfs", ["/tmp"], "tmpfs", [{ path: "/tmp", options: "" }]],
  ["tmpfs", ["/run:size=10%,mode=1777"], "tmpfs", [{ path: "/run", options: "size=10%,mode=1777" }]],
  ["user", "1000", "user", "1000"],
  ["user", "node:node", "user", "node:node"],
  ["cap_drop", ["ALL"], "capDrop", ["ALL"]],
  ["cap_drop", [], "capDrop", []],
  ["cap_add", ["NET_BIND_SERVICE", "cap_chown"], "capAdd", ["NET_BIND_SERVICE", "cap_chown"]],
  ["security_opt", ["no-new-privileges:true"], "securityOpt", ["no-new-privileges:true"]],
  [
    "security_opt",
    ["seccomp=unconfined", "apparmor=a-profile", "label=type:t"],
    "securityOpt",
    ["seccomp=unconfined", "apparmor=a-profile", "label=type:t"],
  ],
  ["init", false, "hasInit", false],
  ["runtime", "io.containerd.runsc.v1", "ociRuntime", "io.containerd.runsc.v1"],
  ["devices", ["/dev/dri"], "devices", [{ hostPath: "/dev/dri", containerPath: "/dev/dri", permissions: "rwm" }]],
  ["devices", ["/dev/a:/dev/b:r"], "devices", [{ hostPath: "/dev/a", containerPath: "/dev/b", permissions: "r" }]],
  ["devices", ["/dev/a:rw"], "devices", [{ hostPath: "/dev/a", containerPath: "/dev/a", permissions: "rw" }]],
  ["pull_policy", "never", "pullPolicy", "never"],
  ["registry", "registry.example:5000/mirror", "registry", "registry.example:5000/mirror"],
  ["platform", "linux/arm/v7", "platform", "linux/arm/v7"],
  ["ca_certificates", "none", "caCertificates", { kind: "none" }],
  ["ca_certificates", "/etc/ca.pem", "caCertificates", { kind: "file", path: "/etc/ca.pem" }],
  ["enable_cache_volume", false, "hasCacheVolume", false],
  ["keep_exited", 0, "keepExited", 0],
  ["log_driver", "json-file", "logDriver", "json-file"],
  ["log_max_size", "10m", "logMaxSize", "10m"],
  ["log_max_files", 100, "logMaxFiles", 100],
  ["allow_dangerous_mounts", true, "allowsDangerousMounts", true],
  ["docker_context", "colima-x86_64", "dockerContext", "colima-x86_64"],
  ["docker_host", "unix:///home/a b/docker.sock", "dockerHost", "unix:///home/a b/docker.sock"],
  ["docker_host", "npipe:////./pipe/docker_engine", "dockerHost", "npipe:////./pipe/docker_engine"],
  ["docker_host", "tcp://engine:2376", "dockerHost", "tcp://engine:2376"],
  ["docker_host", "ssh://me@engine", "dockerHost", "ssh://me@engine"],
  ["extra_args", ["--pids-limit=7"], "pidsLimit", 7],
];
const serverOnly: readonly Row[] = [
  ["enabled", false, "isEnabled", false],
  ["image", "registry.example:5000/a/b:1@sha256:00", "image", "registry.example:5000/a/b:1@sha256:00"],
  ["working_dir", "/work space", "workingDir", "/work space"],
  ["volumes", ["/h:/c:rw"], "volumes", [{ hostPath: "/h", containerPath: "/c", isReadOnly: false }]],
];
const globalOnly: readonly Row[] = [
  ["enabled", false, "isEnabled", false],
  ["default_images", { npx: "node:24" }, "defaultImages", { npx: "node:24" }],
  ["max_memory_limit", "1g", "ceilings", { memoryLimitBytes: 1024 * m }],
  ["max_cpu_limit", "2", "ceilings", { cpus: 2 }],
  ["max_pids_limit", 100, "ceilings", { pidsLimit: 100 }],
  ["max_shm_size", "64m", "ceilings", { shmBytes: 64 * m }],
  ["max_cold_starts", 2, "maxColdStarts", 2],
  ["max_containers", 50, "maxContainers", 50],
  ["max_containers", 0, "maxContainers", 0],
];

const sayings = {
  memory: 'Write a number with b, k, m or g, for example "512m" or "1.5g".',
  duration: 'Write a number with ms, s, m or h, for example "30s" or "1m30s".',
  cpus: 'Write a number of cores, for example "1.0" or "0.5".',
  host: 'Write "host", "*.domain" or "host:port", without https:// and without a path.',
  extraHost: 'Write "name:address", for example "db.local:10.0.0.5" or "host.docker.internal:host-gateway".',
  tmpfs: 'Write the path in the container and, after a colon, mount options: "/tmp:size=64m".',
  capability: 'Write its name, for example "NET_BIND_SERVICE", or "ALL".',
  securityOpt: 'Use "no-new-privileges", "seccomp=unconfined", "apparmor=PROFILE" or "label=…".',
  device: 'Write "/dev/host[:/dev/container[:rwm]]", for example "/dev/dri".',
  engine: 'Write "unix:///path/docker.sock", "tcp://host:2376" or "ssh://user@host".',
  volume: 'Write "/host/path:/container/path", with ":rw" at the end if the server may write there.',
};
type Refused = readonly [key: string, value: unknown, place: string, message: string, remedy: string | null];

const refused: readonly Refused[] = [
  ["preset", "paranoid", "", 'must be one of "standard", "strict".', null],
  ["memory_limit", "5m", "", '"5m" is less than 6m, the least that Docker accepts.', sayings.memory],
  ["memory_limit", "0.5", "", '"0.5" is nothing.', sayings.memory],
  ["memory_limit", null, "", "must be text or a number, not null.", null],
  ["memory_swap", "-1", "", '"-1" is negative.', sayings.memory],
  ["cpu_limit", "two", "", '"two" is not a number of CPU cores.', sayings.cpus],
  ["pids_limit", "64", "", "must be a whole number from 1 to 4194304.", null],
  [
    "ulimits",
    { files: 1 },
    ".files",
    '"files" is not the name of a limit.',
    'Use a name such as "nofile", "nproc", "core" or "memlock".',
  ],
  [
    "ulimits",
    { nofile: "2:1" },
    ".nofile",
    '"2:1" has a soft limit above the hard one.',
    "Write the smaller one first.",
  ],
  [
    "ulimits",
    { nofile: "-1:1" },
    ".nofile",
    '"-1:1" has a soft limit above the hard one.',
    "Write the smaller one first.",
  ],
  [
    "ulimits",
    { nofile: "many" },
    ".nofile",
    '"many" is not a limit.',
    'Write a number, or "soft:hard", for example "1024:2048".',
  ],
  ["ulimits", { nofile: 1.5 }, ".nofile", "must be a number, or soft:hard in quotes.", null],
  [
    "ulimits",
    { nofile: "9".repeat(20) },
    ".nofile",
    `"${"9".repeat(20)}" is more than can be counted.`,
    "Use -1 for no limit at all.",
  ],
  ["ulimits", ["nofile"], "", "must be an object, not a list.", null],
  ["shm_size", "0", "", '"0" is nothing.', sayings.memory],
  ["timeout", 30, "", "30 has no unit.", sayings.duration],
  ["pull_timeout", "25h", "", '"25h" is more than 24 hours.', sayings.duration],
  ["stop_timeout", "soon", "", '"soon" is not a duration.', sayings.duration],
  ["start", "later", "", 'must be one of "eager", "lazy".', null],
  ["idle_timeout", "never", "", '"never" is not a duration.', sayings.duration],
  ["idle_timeout", 600, "", "600 has no unit.", sayings.duration],
  ["restart", "always", "", "must be an object, not text in quotes.", null],
  ["restart", { policy: "sometimes" }, ".policy", 'must be one of "on-failure", "always", "never".', null],
  ["restart", { max_attempts: 0 }, ".max_attempts", "must be a whole number from 1 to 1000.", null],
  [
    "restart",
    { backoff_initial: "1m", backoff_max: "1s" },
    ".backoff_max",
    "is shorter than backoff_initial.",
    "Give backoff_max the longer duration.",
  ],
  ["health_check", "off", "", "must be an object, not text in quotes.", null],
  ["health_check", { interval: 60 }, ".interval", "60 has no unit.", sayings.duration],
  ["health_check", { timeout: "off" }, ".timeout", '"off" is not a duration.', sayings.duration],
  ["health_check", { failures: 0 }, ".failures", "must be a whole number from 1 to 100.", null],
  ["scope", "client", "", 'must be one of "shared", "session".', null],
  ["max_sessions", 0, "", "must be a whole number from 1 to 1000.", null],
  [
    "network_mode",
    "container:x",
    "",
    '"container:x" is not a network.',
    'Use "bridge", "none", "allowlist", "host" or the name of a Docker network.',
  ],
  ["allow_hosts", ["https://x.com"], "[0]", '"https://x.com" is not a host.', sayings.host],
  ["allow_hosts", ["x.com/path"], "[0]", '"x.com/path" is not a host.', sayings.host],
  ["allow_hosts", ["ok.com", "*"], "[1]", '"*" is not a host.', sayings.host],
  ["allow_hosts", ["x.com:70000"], "[0]", '"x.com:70000" is not a host.', sayings.host],
  ["allow_hosts", ["10.0.0.0/8"], "[0]", '"10.0.0.0/8" is not a host.', sayings.host],
  ["allow_hosts", "x.com", "", "must be a list, not text in quotes.", null],
  ["dns", ["dns.google"], "[0]", "must be an IP address, for example 1.1.1.1.", null],
  ["extra_hosts", ["db"], "[0]", '"db" is not a host entry.', sayings.extraHost],
  ["extra_hosts", ["db:1"], "[0]", '"db:1" is not a host entry.', sayings.extraHost],
  ["read_only", "yes", "", "must be true or false, not text in quotes.", null],
  ["tmpfs", ["tmp"], "[0]", '"tmp" is not a tmpfs mount.', sayings.tmpfs],
  ["tmpfs", ["/"], "[0]", '"/" is not a tmpfs mount.', sayings.tmpfs],
  ["tmpfs", ["/tmp:size=64m;rw"], "[0]", '"/tmp:size=64m;rw" is not a tmpfs mount.', sayings.tmpfs],
  [
    "user",
    "my user",
    "",
    '"my user" is not a user.',
    'Write a user or user:group as numbers or names, for example "1000:1000".',
  ],
  ["cap_drop", ["NET-RAW"], "[0]", '"NET-RAW" is not a Linux capability.', sayings.capability],
  ["cap_add", ["A"], "[0]", '"A" is not a Linux capability.', sayings.capability],
  [
    "security_opt",
    ["systempaths=unconfined"],
    "[0]",
    '"systempaths=unconfined" is not a security option that MCPProxy passes on.',
    sayings.securityOpt,
  ],
  [
    "security_opt",
    ["seccomp=/x.json"],
    "[0]",
    '"seccomp=/x.json" is not a security option that MCPProxy passes on.',
    sayings.securityOpt,
  ],
  ["init", 1, "", "must be true or false, not a number.", null],
  [
    "runtime",
    "--x",
    "",
    '"--x" is not the name of an OCI runtime.',
    'Write a name that `docker info` lists under Runtimes, for example "runsc".',
  ],
  ["devices", ["/etc/shadow"], "[0]", '"/etc/shadow" is not a device.', sayings.device],
  ["devices", ["/dev/a:/b:x"], "[0]", '"/dev/a:/b:x" is not a device.', sayings.device],
  ["pull_policy", "sometimes", "", 'must be one of "missing", "always", "never".', null],
  [
    "registry",
    "https://r.example",
    "",
    '"https://r.example" is not a registry.',
    'Write its host, for example "registry.example.com:5000" or "registry.example.com/mirror".',
  ],
  ["platform", "arm64", "", '"arm64" is not a platform.', 'Write "os/architecture", for example "linux/amd64".'],
  [
    "ca_certificates",
    "ca.pem",
    "",
    '"ca.pem" is not a choice of CA certificates.',
    'Use "auto", "none" or the absolute path of a PEM bundle.',
  ],
  ["enable_cache_volume", null, "", "must be true or false, not null.", null],
  ["keep_exited", 11, "", "must be a whole number from 0 to 10.", null],
  [
    "log_driver",
    "Local",
    "",
    '"Local" is not the name of a log driver.',
    'Use "local", "json-file" or another log driver of your Docker engine.',
  ],
  [
    "log_max_size",
    "10",
    "",
    '"10" is not a size of a log file.',
    'Write a whole number with k, m or g, for example "10m".',
  ],
  ["log_max_files", 0, "", "must be a whole number from 1 to 100.", null],
  ["allow_dangerous_mounts", "true", "", "must be true or false, not text in quotes.", null],
  [
    "docker_context",
    "a b",
    "",
    '"a b" is not the name of a Docker context.',
    "See the names with `docker context ls`.",
  ],
  [
    "docker_host",
    "/var/run/docker.sock",
    "",
    '"/var/run/docker.sock" is not the address of a Docker engine.',
    sayings.engine,
  ],
  [
    "docker_host",
    "unix://docker.sock",
    "",
    '"unix://docker.sock" is not the address of a Docker engine.',
    sayings.engine,
  ],
  ["docker_host", "tcp:///x", "", '"tcp:///x" is not the address of a Docker engine.', sayings.engine],
  ["extra_args", "--init", "", "must be a list, not text in quotes.", null],
];
const refusedOfServer: readonly Refused[] = [
  ["image", "node 20", "", '"node 20" is not the name of an image.', 'Write it as "name:tag", for example "node:20".'],
  [
    "image",
    "--privileged",
    "",
    '"--privileged" is not the name of an image.',
    'Write it as "name:tag", for example "node:20".',
  ],
  [
    "working_dir",
    "work",
    "",
    '"work" is not an absolute path in the container.',
    'Write a path that starts with "/", for example "/workspace".',
  ],
  ["volumes", ["./x:/x"], "[0]", '"./x:/x" has a host path that is not absolute.', sayings.volume],
  ["volumes", ["~/x:/x"], "[0]", '"~/x:/x" has a host path that is not absolute.', sayings.volume],
  ["volumes", ["/x:/"], "[0]", '"/x:/" needs an absolute container path below "/".', sayings.volume],
  ["volumes", ["/x:/y:z"], "[0]", '"/x:/y:z" ends in an unknown mode.', 'Use ":ro" or ":rw".'],
  [
    "volumes",
    ["/a:/c", "/b://c/"],
    "[1]",
    '"/c" is already the place of volumes[0].',
    "Give each volume a path of its own in the container.",
  ],
];
const refusedOfGlobal: readonly Refused[] = [
  ["max_memory_limit", "1m", "", '"1m" is less than 6m, the least that Docker accepts.', sayings.memory],
  ["max_cpu_limit", 0, "", "0 is less than 0.01, the least that Docker accepts.", sayings.cpus],
  ["max_pids_limit", 0, "", "must be a whole number from 1 to 4194304.", null],
  ["max_shm_size", "x", "", '"x" is not an amount of memory.', sayings.memory],
  ["max_cold_starts", 0, "", "must be a whole number from 1 to 100.", null],
  ["max_containers", -1, "", "must be a whole number from 0 to 10000.", null],
  [
    "default_images",
    { npx: "no de" },
    ".npx",
    '"no de" is not the name of an image.',
    'Write it as "name:tag", for example "node:20".',
  ],
  ["image", "node:20", "", 'Unknown key "image".', null],
  ["volumes", [], "", 'Unknown key "volumes".', null],
];

const levels = {
  docker_isolation: (isolation: object) => ({ docker_isolation: isolation }),
  "mcpServers[0].isolation": (isolation: object) => ({ mcpServers: [{ name: "a", command: "npx", isolation }] }),
};
type Level = keyof typeof levels;

function parse(level: Level, isolation: object) {
  return parseConfig(JSON.stringify(levels[level](isolation)), "mcp_config.json");
}

function valuesAt(level: Level, isolation: object) {
  const { settings, servers } = parse(level, isolation);
  const [server] = servers;
  return level === "docker_isolation" ? settings?.dockerIsolation : server?.ok ? server.server.isolation : undefined;
}

function issuesAt(level: Level, isolation: object) {
  const { issues, servers } = parse(level, isolation);
  return [...issues, ...servers.flatMap((server) => (server.ok ? [] : server.issues))];
}

describe.each<[Level, readonly Row[], readonly Refused[]]>([
  ["docker_isolation", [...shared, ...globalOnly], [...refused, ...refusedOfGlobal]],
  ["mcpServers[0].isolation", [...shared, ...serverOnly], [...refused, ...refusedOfServer]],
])("in %s", (level, good, bad) => {
  it.each(good)("%s %j is read as %s %j", (...[key, value, name, domain]) => {
    expect(valuesAt(level, { [key]: value })).toMatchObject({ [name]: domain });
  });

  it.each(bad)(
    "%s %j is refused at its place, with what is wrong and what to do",
    (...[key, value, place, message, remedy]) => {
      const issues = issuesAt(level, { [key]: value });
      expect(issues).toHaveLength(1);
      const path = `${level}.${key}${place}`;
      const lastKey = place.startsWith(".") ? place.slice(1) : key;
      const wanted = message.startsWith("Unknown key") ? message : `${lastKey}: ${message}`;
      expect(issues[0]).toMatchObject({ path, message: wanted, ...(remedy !== null && { remedy }) });
    },
  );

  it("refuses to choose the engine twice", () => {
    const [issue] = issuesAt(level, { docker_context: "colima", docker_host: "tcp://engine:2376" });
    expect(issue).toMatchObject({
      path: `${level}.docker_host`,
      message: "docker_host: contradicts docker_context: both choose the engine.",
      remedy: "Remove one of them.",
    });
  });
});

it("names the nearest key of restart, not of isolation, for a misspelt one", () => {
  const [issue] = issuesAt("docker_isolation", { restart: { max_attempt: 3 } });
  expect(issue).toMatchObject({ message: 'Unknown key "max_attempt".', remedy: 'Did you mean "max_attempts"?' });
});

it("has a good and a bad value in these tables for every key", () => {
  const tested = (rows: readonly (readonly [string, ...unknown[]])[]) => new Set(rows.map(([key]) => key));
  const keys = Object.keys({ ...dockerIsolationObject.shape, ...serverIsolationObject.shape });
  expect(keys.filter((key) => !tested([...shared, ...serverOnly, ...globalOnly]).has(key))).toEqual([]);
  const neverWrong = new Set(["enabled"]);
  const bad = tested([...refused, ...refusedOfServer, ...refusedOfGlobal]);
  expect(keys.filter((key) => !bad.has(key) && !neverWrong.has(key))).toEqual([]);
});
