import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import { dangerOf, isAtOrBelow, normalize } from "./dangerous-path.ts";
import type { Finding } from "./finding.ts";
import type { HostFacts } from "./isolation-plan.ts";

/** Paths of this machine that planning wants to know about: mounts, and what looks like a path among the arguments. */
export function pathsToCheck({
  server,
  settings,
}: {
  readonly server: ServerConfig;
  readonly settings: Settings;
}): readonly string[] {
  const volumes = server.isolation.volumes.map(({ hostPath }) => hostPath);
  const certificates = server.isolation.caCertificates ?? settings.dockerIsolation.caCertificates;
  const mentioned = server.args.flatMap((word) => pathIn(word) ?? []);
  return [
    ...new Set([
      ...volumes,
      ...(certificates?.kind === "file" ? [certificates.path] : []),
      ...mentioned.flatMap((path) => [path, folderOf(path)]),
    ]),
  ];
}

/** A warning for each path among the arguments that is there on this machine, but not in the container. */
export function findInvisiblePaths(server: ServerConfig, host: HostFacts): readonly Finding[] {
  const { volumes, workingDir } = server.isolation;
  const visible = [...volumes.map(({ containerPath }) => containerPath), workingDir ?? []].flat().map(normalize);
  const mentioned = new Set(server.args.flatMap((word) => pathIn(word) ?? []));
  return [...mentioned].flatMap((path) => {
    const place = normalize(path);
    if (isInEveryImage(place) || visible.some((folder) => isAtOrBelow(place, folder))) return [];
    const mounted = mountedAs(place, server);
    if (mounted !== undefined) return [elsewhere(path, mounted)];
    return explain(path, host) ?? [];
  });
}

/** The absolute path in a word such as "/data/x", "--db=/data/x" or "DB=/data/x"; a URL is none. */
function pathIn(word: string): string | undefined {
  const text = /^(?:--?)?[A-Za-z_][\w.-]*=([\s\S]*)$/.exec(word)?.[1] ?? word;
  return /^\/[^\0:]*[^\0:/]\/?$/.test(text) && !text.startsWith("//") ? text : undefined;
}

/** Programs and settings that a container has of its own; a server's data is not there. */
function isInEveryImage(place: string): boolean {
  return /^\/(?:bin|dev|etc|lib|lib32|lib64|proc|sbin|sys|usr)(?:\/|$)|^\/(?:home|opt|run|srv|tmp|var)$/.test(place);
}

/** Where a volume shows a path of this machine in the container. */
function mountedAs(place: string, server: ServerConfig): string | undefined {
  const volume = server.isolation.volumes.find(({ hostPath }) => isAtOrBelow(place, normalize(hostPath)));
  return volume && normalize(`${volume.containerPath}/${place.slice(normalize(volume.hostPath).length)}`);
}

/** What would have to be mounted: the path itself, or, for a file that the server may want to create, its folder. */
function explain(path: string, host: HostFacts): Finding | undefined {
  const fact = host.paths?.get(path);
  if (fact === undefined) return undefined;
  if (fact.kind === "missing") {
    const folder = folderOf(path);
    const isFolder = host.paths?.get(folder)?.kind === "directory" && folder.split("/").length > 2;
    const isSafe = dangerOf(folder, { isReadOnly: false, host }) === undefined;
    return isFolder && isSafe && !isInEveryImage(folder) ? mountable(path, `${folder}:${folder}:rw`) : undefined;
  }
  const why = dangerOf(path, { isReadOnly: true, host });
  const place = normalize(path);
  return why === undefined ? mountable(path, `${place}:${place}`) : tooMuch(path, why);
}

function mountable(path: string, volume: string): Finding {
  const isWritable = volume.endsWith(":rw");
  return {
    code: "invisible_path",
    severity: "warning",
    message: `The argument ${path} is a path of this machine, which the container cannot see.`,
    remedy: `Add "${volume}" to volumes in the isolation of this server${isWritable ? "" : ' (with ":rw" at the end if it writes there)'}.`,
    fix: { key: "volumes", operation: "append", value: volume },
  };
}

function tooMuch(path: string, why: string): Finding {
  return {
    code: "invisible_path",
    severity: "warning",
    message: `The argument ${path} is a path of this machine, which the container cannot see, and it should not: ${why}.`,
    remedy: "Put what the server needs into a folder of its own, name that in args, and add it to volumes.",
  };
}

function elsewhere(path: string, inContainer: string): Finding {
  return {
    code: "invisible_path",
    severity: "warning",
    message: `The argument ${path} is a path of this machine; a volume shows it to the container as ${inContainer}.`,
    remedy: `Write ${inContainer} in args.`,
  };
}

function folderOf(path: string): string {
  return normalize(`${path}/..`);
}
