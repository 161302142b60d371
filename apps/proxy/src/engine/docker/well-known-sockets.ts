import { access } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";

const answerTimeoutMs = 1_000;

export interface WellKnownSocket {
  readonly product: string;
  readonly path: string;
}

/** Looks at sockets of this machine. */
export interface SocketProbe {
  isThere(path: string): Promise<boolean>;
  /** True when a Docker engine answers there. */
  answers(path: string): Promise<boolean>;
}

export const systemSockets: SocketProbe = { isThere, answers };

/** Where other engines than the system's own listen, in the order in which they are tried. */
export function wellKnownSockets(user: {
  readonly homeDirectory: string;
  /** XDG_RUNTIME_DIR */
  readonly runtimeDirectory: string | undefined;
  readonly userId: number | undefined;
}): readonly WellKnownSocket[] {
  const { homeDirectory, runtimeDirectory, userId } = user;
  const inHome = (product: string, ...paths: readonly string[]): readonly WellKnownSocket[] =>
    paths.map((path) => ({ product, path: join(homeDirectory, path) }));
  const runtimeFolders = new Set([runtimeDirectory, userId === undefined ? undefined : `/run/user/${userId}`]);
  const inRuntime = (product: string, path: string): readonly WellKnownSocket[] =>
    [...runtimeFolders].flatMap((folder) => (folder === undefined ? [] : [{ product, path: join(folder, path) }]));
  return [
    ...inHome("Docker Desktop", ".docker/run/docker.sock", ".docker/desktop/docker.sock"),
    ...inHome("Colima", ".colima/default/docker.sock", ".config/colima/default/docker.sock", ".colima/docker.sock"),
    ...inHome("OrbStack", ".orbstack/run/docker.sock"),
    ...inHome("Rancher Desktop", ".rd/docker.sock"),
    ...inRuntime("rootless Docker", "docker.sock"),
    ...inRuntime("Podman", "podman/podman.sock"),
    { product: "Podman", path: "/run/podman/podman.sock" },
    ...inHome(
      "Podman",
      ".local/share/containers/podman/machine/podman.sock",
      ".local/share/containers/podman/machine/qemu/podman.sock",
      ".local/share/containers/podman/machine/podman-machine-default/podman.sock",
    ),
  ];
}

/** The first of these sockets at which an engine answers. */
export async function findAnsweringSocket(
  sockets: readonly WellKnownSocket[],
  probe: SocketProbe,
): Promise<WellKnownSocket | undefined> {
  for (const socket of sockets) {
    if ((await probe.isThere(socket.path)) && (await probe.answers(socket.path))) return socket;
  }
  return undefined;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** https://docs.docker.com/reference/api/engine/ /_ping; Podman answers it too. */
async function answers(socketPath: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  request({ socketPath, path: "/_ping", signal: AbortSignal.timeout(answerTimeoutMs) }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  })
    .on("error", () => resolve(false))
    .on("close", () => resolve(false))
    .end();
  return await promise;
}
