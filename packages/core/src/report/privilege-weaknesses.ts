import type { IsolationWeakness } from "../run/run-record.ts";
import { capabilityWeaknesses } from "./capability-weaknesses.ts";
import type { InForce } from "./in-force.ts";
import { weaknessesOf, type WeaknessRow } from "./weakness-row.ts";

/** Runtimes with a kernel of their own between the server and this machine's. */
const ownKernel = /runsc|gvisor|kata|firecracker/i;

/** What the server may do inside its container, and how thin the wall to the kernel is. */
export function privilegeWeaknesses(inForce: InForce): readonly IsolationWeakness[] {
  return [
    ...weaknessesOf([
      ...privilegedRow(inForce),
      ...seccompRows(inForce),
      ...accessControlRows(inForce),
      ...userRows(inForce),
      ...wallRows(inForce),
    ]),
    ...capabilityWeaknesses(inForce),
  ];
}

function privilegedRow({ isPrivileged }: InForce): readonly WeaknessRow[] {
  const message = "The container is privileged: the server owns this machine.";
  const remedy = "Remove --privileged; give the one thing that is needed with cap_add or devices.";
  return [[isPrivileged, { code: "privileged", points: 90, message, remedy }]];
}

function seccompRows({ securityOpt, engine, areSystemPathsMasked, isPrivileged }: InForce): readonly WeaknessRow[] {
  const isUnconfined = has(securityOpt, /^seccomp[=:]unconfined$/);
  return [
    [
      isUnconfined && !isPrivileged,
      {
        code: "seccomp_unconfined",
        points: 20,
        message: "Every system call is allowed.",
        remedy: "Remove seccomp=unconfined from security_opt.",
      },
    ],
    [
      !engine.hasSeccomp && !isUnconfined && !isPrivileged,
      {
        code: "no_seccomp",
        points: 20,
        message: "The engine filters no system calls.",
        remedy: "Use an engine and a kernel with seccomp; see Security Options in `docker info`.",
      },
    ],
    [
      !areSystemPathsMasked && !isPrivileged,
      {
        code: "system_paths_open",
        points: 20,
        message: "The parts of /proc and /sys that tell about this machine are not hidden.",
        remedy: "Remove systempaths=unconfined from security_opt.",
      },
    ],
  ];
}

function accessControlRows({ securityOpt, engine }: InForce): readonly WeaknessRow[] {
  const isLabelOff = has(securityOpt, /^(?:apparmor[=:]unconfined|label[=:]disable)$/);
  return [
    [
      isLabelOff && engine.hasMandatoryAccessControl,
      {
        code: "access_control_off",
        points: 5,
        message: "AppArmor or SELinux is switched off for this container.",
        remedy: "Remove apparmor=unconfined or label=disable from security_opt.",
      },
    ],
    [
      !engine.hasMandatoryAccessControl,
      {
        code: "no_access_control",
        points: 2,
        message: "The engine has neither AppArmor nor SELinux as a second wall.",
        remedy: "Use a machine with one of them; see Security Options in `docker info`.",
      },
    ],
  ];
}

function userRows({ securityOpt, engine, user }: InForce): readonly WeaknessRow[] {
  const isProtected = has(securityOpt, /^no-new-privileges(?:[=:]true)?$/);
  return [
    [
      !isProtected,
      {
        code: "new_privileges",
        points: 8,
        message: "A setuid program in the container can raise its rights.",
        remedy: "Remove no-new-privileges=false from security_opt.",
      },
    ],
    [
      isRoot(user),
      {
        code: "root_user",
        points: engine.isRootMapped ? 3 : 7,
        message: "The server runs as root of its container.",
        remedy: 'Set user to "1000:1000", or preset to "strict".',
      },
    ],
  ];
}

function wallRows({ isReadOnlyRoot, ociRuntime }: InForce): readonly WeaknessRow[] {
  return [
    [
      !isReadOnlyRoot,
      {
        code: "writable_root",
        points: 6,
        message: "The server can write anywhere in its container, without a limit of the disk space it takes.",
        remedy: 'Set read_only to true with tmpfs for what it writes, or preset to "strict".',
      },
    ],
    [
      !ownKernel.test(ociRuntime),
      {
        code: "shared_kernel",
        points: 3,
        message: "The server shares this machine's kernel: a hole in the kernel is a way out.",
        remedy: 'Install gVisor and set runtime to "runsc".',
      },
    ],
  ];
}

function isRoot(user: string): boolean {
  const [name = ""] = user.split(":");
  return name === "" || name === "root" || /^0+$/.test(name);
}

function has(options: readonly string[], wanted: RegExp): boolean {
  return options.some((option) => wanted.test(option));
}
