import { describe, expect, it } from "vitest";
import type { HostFacts } from "./isolation-plan.ts";
import { findingsOf, hostWith, isolatedPlanOf, outcomeOf, planOf } from "./plan-case.test-data.ts";

const reasons = {
  machine: "it is this whole machine",
  socket: "whoever reaches a container engine's socket owns this machine",
  sockets: "sockets or data of a container engine or of the system are in it",
  home: "it is your whole home folder, with keys and tokens in it",
  aroundHome: "your home folder is in it",
  keys: "keys or tokens are in it",
  key: "it holds keys or tokens",
  secrets: "it holds this machine's secrets",
  closed: "it belongs to the system and not to a server",
  writable: "the server could change this machine's system files",
  someHome: "it is a whole home folder, with keys and tokens in it",
  started: "the server could change what is started on this machine as you",
};
const linux = hostWith({});
const mac: HostFacts = { platform: "darwin", homeDirectory: "/Users/me" };
const windows: HostFacts = { platform: "win32", homeDirectory: "C:\\Users\\me" };
const root: HostFacts = { platform: "linux", homeDirectory: "/root" };

type Row = readonly [path: string, mode: "ro" | "rw", reason: keyof typeof reasons | undefined];

const onLinux: readonly Row[] = [
  ["/", "ro", "machine"],
  ["//", "ro", "machine"],
  ["/.", "ro", "machine"],
  ["/home/..", "ro", "machine"],
  ["/var/run/docker.sock", "ro", "socket"],
  ["/run/docker.sock", "ro", "socket"],
  ["/var/run/../run/docker.sock", "ro", "socket"],
  ["//var//run/./docker.sock/", "ro", "socket"],
  ["/run/user/1000/docker.sock", "ro", "socket"],
  ["/run/user/1000/podman/podman.sock", "ro", "socket"],
  ["/run/containerd/containerd.sock", "ro", "socket"],
  ["/run/cri-dockerd.sock", "ro", "socket"],
  ["/home/me/.colima/default/docker.sock", "ro", "socket"],
  ["/var/run", "ro", "sockets"],
  ["/run", "ro", "sockets"],
  ["/var", "ro", "sockets"],
  ["/var/lib", "ro", "sockets"],
  ["/var/lib/docker/volumes/x/_data", "ro", "sockets"],
  ["/run/user/1000", "ro", "sockets"],
  ["/run/dbus/system_bus_socket", "ro", "sockets"],
  ["/home/me", "ro", "home"],
  ["/home/me/", "ro", "home"],
  ["/home/me/.ssh/..", "ro", "home"],
  ["/home/other/../me", "ro", "home"],
  ["/home", "ro", "aroundHome"],
  ["/home/me/.ssh", "ro", "keys"],
  ["/home/me/.ssh/id_ed25519", "ro", "keys"],
  ["/home/me/x/../.aws", "ro", "keys"],
  ["/home/me/.config", "ro", "keys"],
  ["/home/me/.config/gh/hosts.yml", "ro", "keys"],
  ["/home/me/.local/share", "ro", "keys"],
  ["/home/me/.npmrc", "ro", "keys"],
  ["/home/me/.claude", "ro", "keys"],
  ["/home/me/.mcpproxy/api_key", "ro", "keys"],
  ["/etc/shadow", "ro", "secrets"],
  ["/etc/sudoers.d", "ro", "secrets"],
  ["/etc/ssh/ssh_host_rsa_key", "ro", "secrets"],
  ["/etc", "ro", "secrets"],
  ["/proc", "ro", "closed"],
  ["/proc/1/root", "ro", "closed"],
  ["/sys/fs/cgroup", "ro", "closed"],
  ["/dev/sda", "ro", "closed"],
  ["/boot", "ro", "closed"],
  ["/root/x", "ro", "closed"],
  ["/srv/keys/id_rsa", "ro", "key"],
  ["/tmp/ssh-AbCd/agent.123", "ro", "key"],
  ["/usr/local/bin", "rw", "writable"],
  ["/etc/app", "rw", "writable"],
  ["/bin", "rw", "writable"],
  ["/opt", "rw", "writable"],
  ["/home/me2", "ro", "someHome"],
  ["/home/me2/.ssh/config", "ro", "key"],
  ["/srv/backup/.gnupg", "ro", "key"],
  ["/home/me/.bashrc", "rw", "started"],
  ["/home/me/.local", "rw", "keys"],
  ["/home/me/.local/bin/x", "rw", "started"],
  ["/home/me/.config/systemd/user", "rw", "started"],
  ["/home/me/.bashrc", "ro", undefined],
  ["/home/me/.bashrc-notes", "rw", undefined],
  ["/usr/share/dict", "ro", undefined],
  ["/etc/app", "ro", undefined],
  ["/etc/ssl/certs", "ro", undefined],
  ["/opt", "ro", undefined],
  ["/opt/app/data", "rw", undefined],
  ["/srv/data", "rw", undefined],
  ["/home/me/project", "rw", undefined],
  ["/home/me/.sshd-notes", "ro", undefined],
  ["/home/me/docker/notes", "rw", undefined],
  ["/home/me2/project", "rw", undefined],
  ["/data/docker.sock.txt", "ro", undefined],
  ["/home/me/project/docker-compose", "ro", undefined],
  ["/tmp/x", "rw", undefined],
  ["/runs", "rw", undefined],
];
const onMac: readonly Row[] = [
  ["/Users/me", "ro", "home"],
  ["/users/ME", "ro", "home"],
  ["/System/Volumes/Data/Users/me/.ssh", "ro", "keys"],
  ["/System/Volumes/Data", "ro", "machine"],
  ["/Users/me/.SSH/id", "ro", "keys"],
  ["/Users/me/Library", "ro", "keys"],
  ["/Users/me/Library/Keychains", "ro", "keys"],
  ["/Users/me/.docker/run/docker.sock", "ro", "socket"],
  ["/Users/me/.orbstack/run", "ro", "keys"],
  ["/private/var/run/docker.sock", "ro", "socket"],
  ["/private/var/run", "ro", "sockets"],
  ["/private/etc/sudoers", "ro", "secrets"],
  ["/Users", "ro", "aroundHome"],
  ["/Users/other", "ro", "someHome"],
  ["/Users/Shared", "rw", undefined],
  ["/Users/me/Library/LaunchAgents", "rw", "started"],
  ["/Library/LaunchDaemons", "rw", "writable"],
  ["/Applications", "rw", "writable"],
  ["/Users/me/Projects/Library", "rw", undefined],
  ["/private/tmp/x", "rw", undefined],
];
const onWindows: readonly Row[] = [
  ["C:\\", "ro", "machine"],
  ["c:/", "ro", "machine"],
  ["C:\\Users\\me", "ro", "home"],
  ["c:\\users\\ME\\.ssh", "ro", "keys"],
  ["/c/Users/me/.aws", "ro", "keys"],
  ["/host_mnt/c/Users/me", "ro", "home"],
  ["C:\\Users", "ro", "aroundHome"],
  ["C:\\Windows\\System32", "rw", "writable"],
  ["C:\\Program Files (x86)\\x", "rw", "writable"],
  ["//./pipe/docker_engine", "rw", "socket"],
  ["C:\\Users\\me\\..\\..", "ro", "machine"],
  ["D:\\data", "rw", undefined],
  ["C:\\Users\\me\\project", "rw", undefined],
];

describe.each<[string, HostFacts, readonly Row[]]>([
  ["Linux", linux, onLinux],
  ["macOS", mac, onMac],
  ["Windows", windows, onWindows],
  [
    "Linux as root",
    root,
    [
      ["/root", "ro", "home"],
      ["/root/project", "rw", undefined],
      ["/root/.ssh", "ro", "keys"],
      ["/home", "ro", "someHome"],
      ["/home/me", "ro", "someHome"],
    ],
  ],
])("on %s the volume", (_, host, rows) => {
  const refused = rows.flatMap(([path, mode, reason]) => (reason === undefined ? [] : [[path, mode, reason] as const]));
  const accepted = rows.filter(([, , reason]) => reason === undefined);

  it.each(refused)("%s:%s is refused because: %s", (path, mode, reason) => {
    const isolation = { volumes: [`${path}:/c:${mode}`] };
    expect(planOf({ isolation, host })).toMatchObject({
      kind: "refused",
      refusal: {
        code: "mount_dangerous",
        message: `The server "a" is to see ${path}: ${reasons[reason]}.`,
        remedy: expect.stringContaining('"allow_dangerous_mounts": true'),
      },
    });
    const insisted = { isolation: { ...isolation, allow_dangerous_mounts: true }, host };
    expect(isolatedPlanOf(insisted).mounts).toEqual([{ source: path, target: "/c", isReadOnly: mode === "ro" }]);
    expect(findingsOf(insisted)).toMatchObject([{ code: "dangerous_mount", severity: "danger" }]);
  });

  it.each(accepted)("%s:%s is mounted", (path, mode) => {
    expect(outcomeOf({ isolation: { volumes: [`${path}:/c:${mode}`] }, host })).toBe("isolated");
  });
});

describe("links", () => {
  it.each([
    ["/data/innocent.sock", "/run/docker.sock"],
    ["/data/project", "/home/me/.ssh"],
    ["/data/all", "/"],
    ["/data/app", "/etc/cron.d"],
  ])("%s that leads to %s is refused", (link, target) => {
    const host = hostWith({ [link]: `/${target.slice(1)}` });
    expect(outcomeOf({ isolation: { volumes: [`${link}:/c:rw`] }, host })).toBe("mount_dangerous");
  });

  it("are followed for the home folder too", () => {
    const host = hostWith({ "/home/me": "/var/home/me" });
    expect(outcomeOf({ isolation: { volumes: ["/var/home/me/.ssh:/c"] }, host })).toBe("mount_dangerous");
    expect(outcomeOf({ isolation: { volumes: ["/var/home/me/project:/c"] }, host })).toBe("isolated");
  });
});

describe("what is not there", () => {
  const host = hostWith({ "/data/gone": "missing", "/ca.pem": "missing" });

  it("is refused with the path and what Docker would do", () => {
    expect(planOf({ isolation: { volumes: ["/data/gone:/c"] }, host })).toMatchObject({
      refusal: {
        code: "mount_missing",
        message: 'The server "a" is to see /data/gone, but there is nothing at this path.',
        remedy: expect.stringContaining("Create it"),
      },
    });
    expect(outcomeOf({ isolation: { volumes: ["/data/gone:/c"], allow_dangerous_mounts: true }, host })).toBe(
      "mount_missing",
    );
  });

  it.each([{ docker_context: "far" }, { docker_host: "ssh://far" }, { docker_host: "tcp://far:2376" }])(
    "is left to the engine with %j, which sees another machine",
    (engine) => {
      expect(outcomeOf({ isolation: { volumes: ["/data/gone:/c"], ...engine }, host })).toBe("isolated");
      expect(outcomeOf({ isolation: { volumes: ["/:/c"], ...engine }, host })).toBe("mount_dangerous");
    },
  );

  it("is refused for certificates too", () => {
    expect(outcomeOf({ global: { ca_certificates: "/ca.pem" }, host })).toBe("mount_missing");
  });
});

it("takes a socket for dangerous whatever its name is, also behind a link", () => {
  const host: HostFacts = {
    platform: "linux",
    paths: new Map([
      ["/srv/x.sock", { kind: "socket", realPath: "/srv/x.sock" }],
      ["/srv/link", { kind: "socket", realPath: "/srv/x.sock" }],
    ]),
  };
  expect(outcomeOf({ isolation: { volumes: ["/srv/x.sock:/s"] }, host })).toBe("mount_dangerous");
  expect(outcomeOf({ isolation: { volumes: ["/srv/link:/s"] }, host })).toBe("mount_dangerous");
});

it("remembers where a mount led when it was judged", () => {
  const host = hostWith({ "/data/link": "/data/real", "/ca.pem": "file" });
  const input = { isolation: { volumes: ["/data/link:/c"], ca_certificates: "/ca.pem" }, host };
  expect(isolatedPlanOf(input).mounts).toMatchObject([
    { source: "/ca.pem", realSource: "/ca.pem" },
    { source: "/data/link", realSource: "/data/real" },
  ]);
});

describe("certificates", () => {
  it.each([{}, { docker_context: "default" }, { docker_host: "tcp://far:2376" }])(
    "are no way to a file with keys with %j",
    (engine) => {
      const isolation = { ca_certificates: "/home/me/.ssh/id_rsa", ...engine };
      expect(planOf({ isolation, host: linux })).toMatchObject({
        refusal: {
          code: "mount_dangerous",
          message: 'The server "a" is to see /home/me/.ssh/id_rsa: keys or tokens are in it.',
          remedy: expect.stringContaining('nothing but certificates in "ca_certificates"'),
        },
      });
    },
  );

  it("may be in a dangerous place when that is insisted on", () => {
    const isolation = { ca_certificates: "/etc/ssl/private/ca.pem", allow_dangerous_mounts: true };
    expect(findingsOf({ isolation, host: linux })).toMatchObject([{ code: "dangerous_mount", severity: "danger" }]);
  });
});

it.each(["directory", "socket", "other"] as const)("takes no %s for certificates", (kind) => {
  const input = { global: { ca_certificates: "/ca.pem" }, host: hostWith({ "/ca.pem": kind }) };
  expect(outcomeOf(input)).toBe("mount_dangerous");
});
