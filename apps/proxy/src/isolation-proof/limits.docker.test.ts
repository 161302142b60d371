import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProof, python } from "./testing/run-proof.ts";

const proof = createProof();
beforeAll(() => proof.prepare());
afterAll(() => proof.close());

/** Reads a file of the container's own cgroup: version 2, else version 1. */
const readCgroup = `
def cgroup(two, one):
    for path in ("/sys/fs/cgroup/" + two, "/sys/fs/cgroup/" + one):
        if os.path.exists(path):
            return open(path).read().strip()
def throttled():
    return int(cgroup("cpu.stat", "cpu/cpu.stat").split("nr_throttled ")[1].split()[0])
`;

describe("the kernel enforces", () => {
  it("memory_limit: more ends the server", async () => {
    const script = "kept = []\nwhile True: kept.append(bytearray(1 << 22))";
    const { end } = await proof.run({ command: python(script), isolation: { memory_limit: "48m" } });
    expect(end).toMatchObject({ exitCode: 137, isOomFlagSet: true });
  });

  it("memory_limit: swap is part of it", async () => {
    const script = `${readCgroup}
show([cgroup("memory.max", "memory/memory.limit_in_bytes"), cgroup("memory.swap.max", "memory/memory.memsw.limit_in_bytes")])`;
    const [memory, swap] = asStrings(await proof.ask(script, { memory_limit: "48m" }));
    expect(memory).toBe(String(48 * 1024 ** 2));
    // Version 2 counts swap alone, version 1 memory and swap together.
    expect(["0", memory]).toContain(swap);
  });

  it("cpu_limit: a busy loop gets its part of a core", async () => {
    const script = `${readCgroup}
import time
start = time.monotonic()
while time.monotonic() - start < 1.5 or (throttled() == 0 and time.monotonic() - start < 20): pass
show([time.process_time() / (time.monotonic() - start), throttled()])`;
    const [part = 1, throttled] = asNumbers(await proof.ask(script, { cpu_limit: "0.5" }));
    expect(part).toBeLessThan(0.6);
    expect(throttled).toBeGreaterThan(0);
  });

  it("pids_limit: a fork beyond fails, and the others go on", async () => {
    const script = `
import signal
children = []
def fork():
    child = os.fork()
    if child == 0:
        signal.pause()
    children.append(child)
while (answer := attempt(fork)) is None and len(children) < 100: pass
for child in children: os.kill(child, signal.SIGKILL)
show([answer, len(children)])`;
    // One is the init process, one the program itself.
    expect(await proof.ask(script, { pids_limit: 20 })).toEqual(["EAGAIN", 18]);
  });

  it("ulimits: a file beyond cannot be opened, and the limit cannot be raised", async () => {
    const script = `
import resource
opened = []
while (answer := attempt(lambda: opened.append(os.open("/dev/null", os.O_RDONLY)))) is None: pass
for file in opened[-9:]: os.close(file)
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    raised = "raised"
except (OSError, ValueError): raised = "refused"
show([answer, len(opened) < 64, raised])`;
    expect(await proof.ask(script, { ulimits: { nofile: "64:64" } })).toEqual(["EMFILE", true, "refused"]);
  });

  it("shm_size: more does not fit", async () => {
    const isolation = { shm_size: "1m" };
    expect(await proof.ask(fill("/dev/shm/file"), isolation)).toEqual(["ENOSPC", 1024 ** 2]);
  });

  it("tmpfs: more than its size does not fit", async () => {
    const isolation = { read_only: true, tmpfs: ["/scratch:size=2m"] };
    expect(await proof.ask(fill("/scratch/file"), isolation)).toEqual(["ENOSPC", 2 * 1024 ** 2]);
  });
});

/** Writes 64 KiB at a time, at most 32 MiB; tells the error and how much went in. */
function fill(path: string): string {
  return `
file = os.open("${path}", os.O_CREAT | os.O_WRONLY)
written = 0
def write():
    global written
    written += os.write(file, b"x" * 65536)
while (answer := attempt(write)) is None and written < 1 << 25: pass
show([answer, written])`;
}

function asStrings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function asNumbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
