import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setuidPython } from "./testing/proof-image.ts";
import { createProof, python } from "./testing/run-proof.ts";

const proof = createProof();
beforeAll(() => proof.prepare());
afterAll(() => proof.close());

const raise = `
import subprocess
show(subprocess.run(["${setuidPython}", "-c", "import os; print(os.geteuid())"], capture_output=True, text=True).stdout.strip())`;
const user = "1000:1000";

const needCapabilities = `
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *words):
    if getattr(libc, name)(*words) == -1:
        raise OSError(ctypes.get_errno(), name)
    return "done"
open("/tmp/file", "w").close()
show({
    "chown": attempt(lambda: os.chown("/tmp/file", 1000, 1000)),
    "mknod": attempt(lambda: os.mknod("/tmp/null", 0o20666, os.makedev(1, 3))),
    "mount": attempt(lambda: call("mount", b"none", b"/mnt", b"tmpfs", 0, None)),
    "raw socket": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()),
    "packet socket": attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()),
    "setuid": attempt(lambda: os.setuid(1000)),
    "chroot": attempt(lambda: os.chroot("/tmp")),
    "sethostname": attempt(lambda: socket.sethostname("other")),
    "setns": attempt(lambda: call("setns", os.open("/proc/1/ns/net", os.O_RDONLY), 0)),
})`;

describe("the kernel enforces", () => {
  it("cap_drop ALL: root of the container has no power", async () => {
    const refused = await proof.ask(needCapabilities);
    for (const [name, answer] of Object.entries(asRecord(refused))) expect([name, answer]).toEqual([name, "EPERM"]);
  });

  it("cap_add: exactly what is added", async () => {
    const answers = asRecord(await proof.ask(needCapabilities, { cap_add: ["CHOWN"] }));
    const done = Object.keys(answers).filter((name) => answers[name] !== "EPERM");
    expect(done).toEqual(["chown"]);
  });

  it("no-new-privileges: a setuid program of root does not raise", async () => {
    expect(await proof.ask(raise, { user })).toBe("1000");
    // The same program does raise where it may, so the line above is not true by accident.
    expect(await proof.ask(raise, { user, security_opt: ["no-new-privileges=false"], cap_drop: [] })).toBe("0");
  });

  it("no-new-privileges, seccomp and no capabilities, as the kernel itself tells", async () => {
    const script = `show(dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines() if ":\\t" in line))`;
    const status = asRecord(await proof.ask(script));
    expect(status).toMatchObject({ NoNewPrivs: "1", Seccomp: "2", ...emptySets });
  });

  it("user: it is not root and cannot write where root can", async () => {
    const script = `show([os.getuid(), os.getgid(), os.getgroups(), attempt(lambda: open("/etc/passwd", "a").close()), attempt(lambda: open("/root/x", "w").close())])`;
    expect(await proof.ask(script, { user })).toEqual([1000, 1000, expect.anything(), "EACCES", "EACCES"]);
  });

  it("user: its home can be written, also with a read-only root", async () => {
    const script = `open(os.path.expanduser("~/file"), "w").close(); show(os.path.expanduser("~"))`;
    expect(await proof.ask(script, { preset: "strict" })).toBe("/home/mcpproxy");
  });

  it("read_only: nothing of the image can be written", async () => {
    const places = ["/file", "/etc/passwd", "/usr/bin/env", "/home/x", "/root/x"];
    const script = `show([attempt(lambda: os.close(os.open(place, os.O_CREAT | os.O_WRONLY))) for place in ${JSON.stringify(places)}])`;
    const answers = await proof.ask(script, { read_only: true });
    expect(answers).toEqual(places.map(() => "EROFS"));
  });

  it("init: children that nobody waits for do not stay", async () => {
    const script = `
import time
if os.fork() == 0:
    if os.fork() == 0: os._exit(0)
    os._exit(0)
os.wait()
def state(pid):
    try: return open(f"/proc/{pid}/stat").read().split(") ")[1][0]
    except OSError: return "gone"
def has_zombie(): return "Z" in [state(pid) for pid in os.listdir("/proc") if pid.isdigit()]
end = time.monotonic() + 5
while has_zombie() and time.monotonic() < end: pass
show(has_zombie())`;
    expect(await proof.ask(script)).toBe(false);
  });

  it("and a program of the user's own is started by init, which is process 1", async () => {
    const { stdout } = await proof.run({
      command: python("show([os.getpid() != 1, open('/proc/1/comm').read().strip()])"),
    });
    expect(JSON.parse(stdout)).toEqual([true, expect.stringMatching("init")]);
  });
});

const none = "0000000000000000";
const emptySets = { CapInh: none, CapPrm: none, CapEff: none, CapBnd: none, CapAmb: none };

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new Error(`Not a record: ${JSON.stringify(value)}`);
  return { ...value };
}
