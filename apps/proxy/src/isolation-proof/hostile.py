"""A server that tries to break out of its container. Prints one line of JSON for each attempt.

Told by its variables: HOST_PID, a process of the machine; OPEN_PORT and LOCAL_PORT, where the machine listens on all
addresses and on its loopback only; NEIGHBOUR, the address and port of another container; HOST_FILE, a file of the
machine; READ_ONLY and WRITABLE, two volumes, the first with a link "escape" to "/"; ONLY, the attempts to make,
separated by commas, or nothing for all. An attempt that succeeds against all expectation changes nothing on the machine.
"""

import ctypes
import errno
import json
import os
import platform
import signal
import socket
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
numbers = {
    "x86_64": dict(ptrace=101, kexec_load=246, add_key=248, open_by_handle_at=304, perf_event_open=298,
                   finit_module=313, bpf=321, userfaultfd=323, syslog=103, reboot=169, clone=56),
    "aarch64": dict(ptrace=117, kexec_load=104, add_key=217, open_by_handle_at=265, perf_event_open=241,
                    finit_module=273, bpf=280, userfaultfd=282, syslog=116, reboot=142, clone=220),
}[platform.machine()]
NEW_NAMESPACES = {"mount": 0x20000, "user": 0x10000000, "network": 0x40000000, "pid": 0x20000000}


class Blocked(Exception):
    """The attempt went through as a call, but got nothing."""


def checked(result, name):
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def syscall(name, *words):
    return checked(libc.syscall(ctypes.c_long(numbers[name]), *words), name)


def mount(source, target, kind=None, flags=0):
    os.makedirs(target, exist_ok=True)
    checked(libc.mount(source.encode(), target.encode(), kind and kind.encode(), flags, None), "mount")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def write_back(path):
    """Writes what is there already, so that success does no harm."""
    with open(path, "r+") as file:
        content = file.read()
        file.seek(0)
        file.write(content)


def read(path):
    with open(path, "rb") as file:
        content = file.read(64)
    if not content.strip(b"\0"):
        raise Blocked("there is nothing in it")
    return content.decode(errors="replace")


def connect(address, port):
    socket.create_connection((address, int(port)), 2).close()


def connect_unix(path):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)


def gateway():
    for line in open("/proc/net/route").read().splitlines()[1:]:
        fields = line.split()
        if fields[1] == "00000000":
            return socket.inet_ntoa(bytes.fromhex(fields[2])[::-1])
    raise OSError(errno.ENETUNREACH, "no route")


def cgroup_file(name):
    for folder, _, files in os.walk("/sys/fs/cgroup"):
        if name in files:
            return os.path.join(folder, name)
    raise FileNotFoundError(errno.ENOENT, name)


def make_cgroup():
    os.mkdir(os.path.join(os.path.dirname(cgroup_file("cgroup.procs")), "escape"))


def root_disk():
    """Major, minor and name of the first disk; /proc tells them in every container."""
    major, minor, _, name = open("/proc/partitions").read().splitlines()[2].split()
    return int(major), int(minor), name


def device(kind, major, minor):
    path = "/tmp/device"
    os.mknod(path, kind | 0o600, os.makedev(major, minor))
    os.close(os.open(path, os.O_RDONLY))


def fill(path, limit=96 << 20):
    written = 0
    try:
        with open(path, "wb", buffering=0) as file:
            while written < limit:
                written += file.write(b"x" * (1 << 20))
    finally:
        if os.path.exists(path):
            os.unlink(path)
    return f"{written} bytes"


def fork_bomb():
    children = []
    try:
        while len(children) < 5000:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return f"{len(children)} processes"


def memory_bomb():
    child = os.fork()
    if child == 0:
        kept = []
        for _ in range(1024):
            kept.append(bytearray(b"x" * (8 << 20)))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise Blocked(f"ended by signal {os.WTERMSIG(status)}")
    return "8 GiB"


def raise_rights():
    command = ["/usr/local/bin/raise", "-c", "import os; print(os.getuid(), os.geteuid())"]
    before, after = subprocess.run(command, capture_output=True, text=True).stdout.split()
    if before == after:
        raise Blocked(f"still user {after}")
    return after


def pivot(folder):
    os.chroot(folder)


def clock():
    now = (ctypes.c_long * 2)()
    checked(libc.clock_gettime(0, now), "clock_gettime")
    checked(libc.clock_settime(0, now), "clock_settime")


def handle():
    """The way out that DAC_READ_SEARCH opened in 2014: the host's root by its inode."""
    class FileHandle(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint), ("kind", ctypes.c_int), ("inode", ctypes.c_ubyte * 8)]
    wanted = FileHandle(8, 1, (ctypes.c_ubyte * 8)(2, 0, 0, 0, 0, 0, 0, 0))
    where = os.open("/etc/hostname", os.O_RDONLY)
    os.close(syscall("open_by_handle_at", where, ctypes.byref(wanted), os.O_RDONLY))


def ptrace_attach(pid):
    syscall("ptrace", 16, pid, 0, 0)


def clone_user():
    child = syscall("clone", NEW_NAMESPACES["user"] | signal.SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)


def dig(folder):
    """Follows the links of a volume to a file of the machine."""
    return read(os.path.join(folder, "escape") + os.environ["HOST_FILE"])


def link_and_dig():
    link = os.path.join(writable, "escape")
    os.symlink("/", link)
    try:
        return dig(writable)
    finally:
        os.unlink(link)


host_pid = int(os.environ["HOST_PID"])
neighbour = os.environ["NEIGHBOUR"].split(":")
read_only, writable = os.environ["READ_ONLY"], os.environ["WRITABLE"]

attempts = {
    "mount proc": lambda: mount("proc", "/tmp/proc", "proc"),
    "mount sysfs": lambda: mount("sysfs", "/tmp/sys", "sysfs"),
    "mount cgroup": lambda: mount("cgroup", "/tmp/cgroup", "cgroup"),
    "mount over a path": lambda: mount("/proc", "/tmp/bind", None, 4096),
    "remount /sys writable": lambda: mount("sysfs", "/sys", "sysfs", 32),
    "remount a read-only volume writable": lambda: mount("none", read_only, None, 32 | 4096),
    "umount a mask of /proc": lambda: checked(libc.umount2(b"/proc/kcore", 2), "umount"),
    "write sysrq-trigger": lambda: write("/proc/sysrq-trigger", "h"),
    "write core_pattern": lambda: write_back("/proc/sys/kernel/core_pattern"),
    "write release_agent": lambda: write_back(cgroup_file("release_agent")),
    "make a cgroup": make_cgroup,
    "raise own memory limit": lambda: write(
        cgroup_file("memory.max" if os.path.exists("/sys/fs/cgroup/memory.max") else "memory.limit_in_bytes"), "-1"),
    "read kcore": lambda: read("/proc/kcore"),
    "read kernel keys": lambda: read("/proc/keys"),
    "read the kernel log": lambda: syscall("syslog", 3, ctypes.create_string_buffer(64), 64),
    "write uevent helper": lambda: write_back("/sys/kernel/uevent_helper"),
    "mknod of the root disk": lambda: device(0o060000, *root_disk()[:2]),
    "mknod of kernel memory": lambda: device(0o020000, 1, 1),
    "open the root disk": lambda: read("/dev/" + root_disk()[2]),
    "open kernel memory": lambda: read("/dev/mem"),
    "ptrace a process of the machine": lambda: ptrace_attach(host_pid),
    "signal a process of the machine": lambda: os.kill(host_pid, 0),
    "read a process of the machine": lambda: read(f"/proc/{host_pid}/cmdline"),
    "enter the namespaces of init": lambda: checked(libc.setns(os.open("/proc/1/ns/mnt", os.O_RDONLY), 0), "setns"),
    **{f"unshare {name}": (lambda flag=flag: checked(libc.unshare(flag), "unshare"))
       for name, flag in NEW_NAMESPACES.items()},
    "clone into a user namespace": clone_user,
    "open by handle": handle,
    "chroot": lambda: pivot("/tmp"),
    "load a kernel module": lambda: syscall("finit_module", 0, b"", 0),
    "load a kernel": lambda: syscall("kexec_load", 0, 0, 0, 0),
    "load a BPF program": lambda: syscall("bpf", 0, 0, 0),
    "perf events": lambda: syscall("perf_event_open", ctypes.create_string_buffer(112), 0, -1, -1, 0),
    "kernel keyring": lambda: syscall("add_key", b"user", b"x", b"x", 1, -3),
    "userfaultfd": lambda: syscall("userfaultfd", 0),
    "set the clock": clock,
    "reboot": lambda: syscall("reboot", 0xFEE1DEAD, 672274793, 0, 0),
    "rename the host": lambda: socket.sethostname("escaped"),
    "raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    "packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "docker socket": lambda: connect_unix("/var/run/docker.sock"),
    "containerd socket": lambda: connect_unix("/run/containerd/containerd.sock"),
    "docker over the gateway": lambda: connect(gateway(), 2375),
    "loopback port of the machine": lambda: connect(gateway(), os.environ["LOCAL_PORT"]),
    "open port of the machine": lambda: connect(gateway(), os.environ["OPEN_PORT"]),
    "port of another container": lambda: connect(*neighbour),
    "file of the machine": lambda: read(os.environ["HOST_FILE"]),
    "file of the machine through root of init": lambda: read("/proc/1/root" + os.environ["HOST_FILE"]),
    "link in a read-only volume": lambda: dig(read_only),
    "link in a writable volume": link_and_dig,
    "make a link in a read-only volume": lambda: os.symlink("/", os.path.join(read_only, "mine")),
    "write a read-only volume": lambda: write(os.path.join(read_only, "mine"), "x"),
    "setuid program": raise_rights,
    "protect from the memory killer": lambda: write("/proc/self/oom_score_adj", "-1000"),
    "higher priority": lambda: os.nice(-10),
    "write /etc/passwd": lambda: open("/etc/passwd", "a").close(),
    "write /usr/bin": lambda: write("/usr/bin/mine", "x"),
    "fill the root": lambda: fill("/var-fill"),
    "fill /tmp": lambda: fill("/tmp/fill"),
    "fork bomb": fork_bomb,
    "memory bomb": memory_bomb,
}


# Any other error may come from the attempt itself and proves nothing.
walls = {errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOENT, errno.ENOSYS, errno.ESRCH, errno.ENETUNREACH,
         errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ETIMEDOUT, errno.ENOSPC, errno.EAGAIN}


def outcome(action):
    try:
        return {"outcome": "done", "detail": str(action())}
    except (Blocked, TimeoutError) as reason:
        return {"outcome": "blocked", "detail": str(reason)}
    except OSError as error:
        name = errno.errorcode.get(error.errno, str(error))
        return {"outcome": "blocked" if error.errno in walls else "unclear", "detail": name}


only = [name for name in os.environ.get("ONLY", "").split(",") if name]
for name in only or attempts:
    print(json.dumps({"attempt": name, **outcome(attempts[name])}), flush=True)
