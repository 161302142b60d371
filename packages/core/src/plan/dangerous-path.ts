import type { HostFacts } from "./isolation-plan.ts";

/** Folders in the home directory that hold keys and tokens. */
const keyFolders = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  ".mcpproxy",
  ".password-store",
  ".config/gcloud",
  ".config/gh",
  ".local/share/keyrings",
  "Library/Keychains",
];
const keyFiles = [".netrc", ".npmrc", ".pypirc", ".git-credentials", ".pgpass", ".claude.json"];
/** Sockets that give whoever reaches them the machine. */
export const engineSocket = /(?:^|\/)(?:docker|podman|containerd|crio|dockershim|buildkitd)[\w.-]*\.(?:sock|raw\.sock)$/;
export const engineSocketFolders = [
  "/run",
  "/var/run",
  "/var",
  "/run/docker",
  "/run/containerd",
  "/run/podman",
  "/var/lib/docker",
];
const systemFolders = ["/proc", "/sys", "/dev", "/boot", "/root"];
const writableSystemFolders = ["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt"];

/** Why a server must not be given this path of the machine; undefined when nothing speaks against it. */
export function dangerOf(
  path: string,
  { isReadOnly, host }: { isReadOnly: boolean; host: HostFacts },
): string | undefined {
  const fact = host.paths?.get(path);
  const places = [...new Set([normalize(path), normalize(fact?.realPath ?? path)])];
  for (const place of places) {
    const danger = dangerOfPlace(place, host.homeDirectory);
    if (danger !== undefined) return danger;
    if (!isReadOnly && writableSystemFolders.some((folder) => place === folder || isInside(place, folder)))
      return "the server could change this machine's system files";
  }
  return undefined;
}

function dangerOfPlace(place: string, home: string | undefined): string | undefined {
  if (place === "/" || /^[A-Za-z]:$/.test(place)) return "it is this whole machine";
  if (engineSocket.test(place)) return "whoever reaches a container engine's socket owns this machine";
  if (engineSocketFolders.includes(place)) return "a container engine's socket or data is in it";
  if (home !== undefined) {
    const homeDanger = dangerOfHome(place, normalize(home));
    if (homeDanger !== undefined) return homeDanger;
  }
  if (systemFolders.some((folder) => place === folder || isInside(place, folder)))
    return "it belongs to the system and not to a server";
  return /^\/etc\/(?:shadow|gshadow|sudoers|ssh)(?:\/|-|$)/.test(place) ? "it holds this machine's secrets" : undefined;
}

function dangerOfHome(place: string, home: string): string | undefined {
  if (place === home) return "it is your whole home folder, with keys and tokens in it";
  if (isInside(home, place)) return "your home folder is in it";
  const isKeyFolder = keyFolders.some((folder) => {
    const path = `${home}/${folder}`;
    return place === path || isInside(place, path) || isInside(path, place);
  });
  if (isKeyFolder) return "keys or tokens are in it";
  return keyFiles.some((file) => place === `${home}/${file}`) ? "it holds keys or tokens" : undefined;
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** Without "//", "/./", "/../" and a slash at the end; backslashes of Windows as slashes. */
export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const joined = parts.join("/");
  return /^[A-Za-z]:/.test(joined) ? joined : `/${joined}`;
}
