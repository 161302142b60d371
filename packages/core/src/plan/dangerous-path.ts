import {
  engineSocket,
  secretFile,
  secretsInHome,
  secretsOfMachine,
  someHome,
  startedFromHome,
  systemPlaces,
} from "./dangerous-places.ts";
import type { HostFacts } from "./isolation-plan.ts";

/** Why a server must not be given this path of the machine; undefined when nothing speaks against it. */
export function dangerOf(
  path: string,
  { isReadOnly, host }: { isReadOnly: boolean; host: HostFacts },
): string | undefined {
  const homes = host.homeDirectory === undefined ? [] : placesOf(host.homeDirectory, host);
  for (const place of placesOf(path, host)) {
    const danger = dangerOfPlace(place, homes) ?? (isReadOnly ? undefined : dangerOfWriting(place, homes));
    if (danger !== undefined) return danger;
  }
  // Whatever its name: the program behind it does not know that a server asks.
  return host.paths?.get(path)?.kind === "socket" ? "it is a socket of a program of this machine" : undefined;
}

/** True when whoever has this place can command a container engine or the system; `place` as `normalize` gives it. */
export function commandsMachine(place: string): boolean {
  return engineSocket.test(place) || systemPlaces.sockets.some((known) => touches(place, known));
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

/** True for the folder itself and for everything in it; both as `normalize` gives them. */
export function isAtOrBelow(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || folder === "/" || path[folder.length] === "/";
}

/** A path under the one name that the lists here know, as it is written and with every link followed. */
function placesOf(path: string, host: HostFacts): readonly string[] {
  const real = host.paths?.get(path)?.realPath;
  const written = comparable(path, host.platform);
  if (real === undefined || real === path) return [written];
  return [...new Set([written, comparable(real, host.platform)])];
}

/** macOS and Windows do not tell upper from lower case, and have several names for one folder. */
function comparable(path: string, platform: HostFacts["platform"]): string {
  const place = normalize(path);
  switch (platform) {
    case "darwin":
      return normalize(
        place
          .toLowerCase()
          .replace(/^\/system\/volumes\/data(?=\/|$)/, "")
          .replace(/^\/private(?=\/(?:etc|tmp|var)(?:\/|$))/, ""),
      );
    case "win32":
      return place.toLowerCase().replace(/^\/(?:host_mnt\/|mnt\/)?([a-z])(?=\/|$)/, "$1:");
    case "linux":
    case "other":
      return place.replace(/^\/var\/run(?=\/|$)/, "/run");
    default:
      return place;
  }
}

function dangerOfPlace(place: string, homes: readonly string[]): string | undefined {
  if (place === "/" || /^[A-Za-z]:$/.test(place)) return "it is this whole machine";
  if (engineSocket.test(place)) return "whoever reaches a container engine's socket owns this machine";
  if (commandsMachine(place)) return "sockets or data of a container engine or of the system are in it";
  const ofHome = homes.map((home) => dangerOfHome(place, home)).find((danger) => danger !== undefined);
  if (ofHome !== undefined) return ofHome;
  if (secretsOfMachine.some((known) => touches(place, known))) return "it holds this machine's secrets";
  const isHome = homes.some((home) => isAtOrBelow(place, home));
  if (!isHome && systemPlaces.closed.some((folder) => isAtOrBelow(place, folder)))
    return "it belongs to the system and not to a server";
  if (!isHome && someHome.test(place)) return "it is a whole home folder, with keys and tokens in it";
  return secretFile.test(place) ? "it holds keys or tokens" : undefined;
}

const secretPlaces = inBothCases(secretsInHome);
const startPlaces = inBothCases(startedFromHome);

/** Also in lower case, for systems where that is the same. */
function inBothCases(known: readonly string[]): readonly string[] {
  return [...new Set(known.flatMap((place) => [place, place.toLowerCase()]))];
}

function dangerOfHome(place: string, home: string): string | undefined {
  if (place === home) return "it is your whole home folder, with keys and tokens in it";
  if (isAtOrBelow(home, place)) return "your home folder is in it";
  if (!isAtOrBelow(place, home)) return undefined;
  const inHome = place.slice(home.length + 1);
  return secretPlaces.some((known) => touches(inHome, known)) ? "keys or tokens are in it" : undefined;
}

function dangerOfWriting(place: string, homes: readonly string[]): string | undefined {
  const isStarted = homes.some(
    (home) => isAtOrBelow(place, home) && startPlaces.some((known) => touches(place.slice(home.length + 1), known)),
  );
  if (isStarted) return "the server could change what is started on this machine as you";
  const isSystem =
    systemPlaces.readable.some((folder) => isAtOrBelow(place, folder)) ||
    systemPlaces.readableItself.some((folder) => folder === place) ||
    /^[a-z]:\/(?:windows|program files(?: \(x86\))?|programdata)(?:\/|$)/.test(place);
  return isSystem ? "the server could change this machine's system files" : undefined;
}

/** Same, inside or around. */
function touches(place: string, known: string): boolean {
  return isAtOrBelow(place, known) || isAtOrBelow(known, place);
}
