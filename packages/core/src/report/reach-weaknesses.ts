import type { IsolationWeakness } from "../run/run-record.ts";
import type { InForce } from "./in-force.ts";
import { weaknessesOf, type WeaknessRow } from "./weakness-row.ts";

/** Devices that every container has anyway. */
const harmlessDevice = /^\/dev\/(?:null|zero|full|random|urandom|tty)$/;
/** Whoever reads these reads everything on the machine. */
const wholeMachineDevice = /^\/dev(?:\/(?:sd|hd|vd|xvd|nvme|mmcblk|dm-|mapper|loop|mem$|kmem$|port$|kmsg$|disk).*)?$/;

/** What the server reaches outside of its container, mounts aside. */
export function reachWeaknesses(inForce: InForce): readonly IsolationWeakness[] {
  return [
    ...networkWeakness(inForce),
    ...weaknessesOf([...namespaceRows(inForce), ...portRows(inForce)]),
    ...deviceWeaknesses(inForce.devices),
  ];
}

function networkWeakness({ networkMode, isInternalNetwork }: InForce): readonly IsolationWeakness[] {
  if (networkMode === "none") return [];
  if (networkMode === "host") return [hostNetwork];
  if (networkMode.startsWith("container:")) return [sharedWith({ kind: "network", mode: networkMode, points: 15 })];
  return [isInternalNetwork ? filteredNetwork(networkMode) : openNetwork];
}

const hostNetwork: IsolationWeakness = {
  code: "host_network",
  points: 45,
  message: "The server shares this machine's network: it reaches everything that listens on localhost.",
  remedy: 'Set network_mode to "bridge", or to "allowlist" with the hosts that it needs.',
};

const openNetwork: IsolationWeakness = {
  code: "open_network",
  points: 7,
  message: "The server reaches the internet, your local network and other containers of its network.",
  remedy: 'Set network_mode to "none", or to "allowlist" with the hosts that it needs in allow_hosts.',
};

function filteredNetwork(networkMode: string): IsolationWeakness {
  return {
    code: "filtered_network",
    points: 2,
    message: `The server reaches what the network ${networkMode} lets through.`,
    remedy: 'Set network_mode to "none" when it needs no network.',
  };
}

function namespaceRows({ pidMode, ipcMode, utsMode, usernsMode, engine }: InForce): readonly WeaknessRow[] {
  return [
    [
      pidMode === "host",
      {
        code: "host_processes",
        points: 30,
        message: "The server sees every process of this machine, with its arguments.",
        remedy: "Remove --pid=host.",
      },
    ],
    [pidMode.startsWith("container:"), sharedWith({ kind: "pid", mode: pidMode, points: 10 })],
    [
      ipcMode === "host",
      {
        code: "host_ipc",
        points: 15,
        message: "The server shares this machine's shared memory.",
        remedy: "Remove --ipc=host.",
      },
    ],
    [ipcMode.startsWith("container:"), sharedWith({ kind: "ipc", mode: ipcMode, points: 5 })],
    [
      utsMode === "host",
      {
        code: "host_name_shared",
        points: 5,
        message: "The server shares this machine's host name.",
        remedy: "Remove --uts=host.",
      },
    ],
    [
      usernsMode === "host" && engine.isRootMapped,
      {
        code: "host_users",
        points: 7,
        message: "The server leaves the engine's user namespace: its root is this machine's root.",
        remedy: "Remove --userns=host.",
      },
    ],
  ];
}

function portRows({ hasPublishedPorts }: InForce): readonly WeaknessRow[] {
  const message = "Ports of the container are open on this machine.";
  return [
    [hasPublishedPorts, { code: "published_ports", points: 3, message, remedy: "Remove --publish; stdio needs none." }],
  ];
}

function deviceWeaknesses(devices: readonly string[]): readonly IsolationWeakness[] {
  const given = devices.filter((device) => !harmlessDevice.test(device));
  const whole = given.filter((device) => wholeMachineDevice.test(device));
  const some = given.filter((device) => !whole.includes(device));
  const points = Math.min(30, 10 * some.length);
  return weaknessesOf([
    [whole.length > 0, { code: "machine_devices", points: 70, ...deviceSentence(whole) }],
    [some.length > 0, { code: "devices", points, ...deviceSentence(some) }],
  ]);
}

function deviceSentence(devices: readonly string[]): Pick<IsolationWeakness, "message" | "remedy"> {
  return {
    message: `The server has devices of this machine: ${devices.join(", ")}.`,
    remedy: "Remove from devices what it does not need.",
  };
}

function sharedWith(shared: {
  readonly kind: "network" | "pid" | "ipc";
  readonly mode: string;
  readonly points: number;
}): IsolationWeakness {
  const { kind, mode, points } = shared;
  return {
    code: `shared_${kind}`,
    points,
    message: `The server shares the ${kind} namespace of another container (${mode}).`,
    remedy: `Remove --${kind}=${mode}.`,
  };
}
