import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProof } from "./testing/run-proof.ts";

const proof = createProof();
const folder = realpathSync(mkdtempSync(join(tmpdir(), "mcpproxy-test-")));
const marker = join(folder, "marker");

beforeAll(async () => {
  writeFileSync(marker, "of the host");
  await proof.prepare();
});
afterAll(async () => {
  await proof.close();
  rmSync(folder, { recursive: true });
});

describe("the server sees", () => {
  it("no file of this machine", async () => {
    const script = `show([attempt(lambda: open(${JSON.stringify(marker)}).read()), socket.gethostname(), open("/etc/hostname").read().strip()])`;
    const [content, ...names] = asList(await proof.ask(script));
    expect(content).toBe("ENOENT");
    expect(names).not.toContain(hostname());
  });

  it("a volume read-only unless it says rw", async () => {
    const script = `show([open("/work/marker").read(), attempt(lambda: open("/work/marker", "w").close()), attempt(lambda: os.unlink("/work/marker")), attempt(lambda: os.symlink("/", "/work/link"))])`;
    expect(await proof.ask(script, { volumes: [`${folder}:/work`] })).toEqual([
      "of the host",
      "EROFS",
      "EROFS",
      "EROFS",
    ]);
  });

  it("a volume to write when it says rw", async () => {
    const script = `open("/work/written", "w").write("by the server"); show("done")`;
    await proof.ask(script, { volumes: [`${folder}:/work:rw`], preset: "strict", user: "0:0" });
    expect(readFileSync(join(folder, "written"), "utf8")).toBe("by the server");
  });

  it("no process but its own", async () => {
    const script = `
seen = [pid for pid in os.listdir("/proc") if pid.isdigit()]
show([len(seen), attempt(lambda: os.kill(${process.pid}, 0)), [open(f"/proc/{pid}/cmdline").read().split("\\0")[0] for pid in seen]])`;
    const [count, answer, programs] = asList(await proof.ask(script));
    expect(count).toBe(2);
    expect(answer).toBe("ESRCH");
    for (const program of asList(programs)) expect(program).toMatch(/python3|init/);
  });

  it("no variable of MCPProxy", async () => {
    process.env["MCPPROXY_TEST_MARKER"] = "of the host";
    const names = asList(await proof.ask("show(sorted(os.environ))"));
    expect(names).not.toContain("MCPPROXY_TEST_MARKER");
    for (const name of names) expect(name).toMatch(/^(?:PATH|HOME|HOSTNAME|NODE_VERSION|LC_CTYPE)$/);
  });

  it("no socket of a container engine", async () => {
    const sockets = [
      "/var/run/docker.sock",
      "/run/docker.sock",
      "/run/containerd/containerd.sock",
      "/run/podman/podman.sock",
    ];
    expect(await proof.ask(`show([os.path.lexists(path) for path in ${JSON.stringify(sockets)}].count(True))`)).toBe(0);
  });

  it("no disk of this machine", async () => {
    const devices = asList(await proof.ask(`show(sorted(os.listdir("/dev")))`));
    const harmless = "console core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero".split(
      " ",
    );
    expect(devices.filter((name) => !harmless.includes(String(name)))).toEqual([]);
  });
});

describe("network_mode none", () => {
  it("leaves the loopback interface and no route", async () => {
    const script = `
show([
    [line.split(":")[0].strip() for line in open("/proc/net/dev").read().splitlines()[2:]],
    open("/proc/net/route").read().splitlines()[1:],
    attempt(lambda: socket.create_connection(("1.1.1.1", 443), 2).close()),
    attempt(lambda: socket.create_connection(("2606:4700:4700::1111", 443), 2).close()),
])`;
    const [interfaces, routes, ...answers] = asList(await proof.ask(script, { network_mode: "none" }));
    // Some kernels add tunnels that are down and have no address.
    expect(asList(interfaces).filter((name) => !/^(?:tunl|gre|sit|ip6|ip_vti|erspan)/.test(String(name)))).toEqual([
      "lo",
    ]);
    expect(routes).toEqual([]);
    for (const answer of answers) expect(answer).toMatch(/ENETUNREACH|EADDRNOTAVAIL/);
  });

  it("resolves no name", async () => {
    const script = `
try: show(socket.gethostbyname("example.com"))
except socket.gaierror: show("not resolved")`;
    expect(await proof.ask(script, { network_mode: "none" })).toBe("not resolved");
  });
});

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
