import type { ServerConfig } from "@mcpproxy/config-schema/config";
import { dangerOf, normalize } from "./dangerous-path.ts";
import type { Finding } from "./finding.ts";
import type { HostFacts } from "./isolation-plan.ts";

/** Paths of this machine that planning wants to know about: volumes, and what looks like a path among the arguments. */
export function pathsToCheck(server: ServerConfig): readonly string[] {
  const volumes = server.isolation.volumes.map(({ hostPath }) => hostPath);
  const mentioned = server.args.flatMap((word) => pathIn(word) ?? []);
  return [...new Set([...volumes, ...mentioned.flatMap((path) => [path, folderOf(path)])])];
}

/** A hint for each path among the arguments that is there on this machine, but not in the container. */
export function findInvisiblePaths(server: ServerConfig, host: HostFacts): readonly Finding[] {
  const { volumes, workingDir } = server.isolation;
  const visible = [
    ...volumes.map(({ containerPath }) => containerPath),
    ...(workingDir === undefined ? [] : [workingDir]),
  ];
  const seen = new Set<string>();
  return server.args.flatMap((word) => {
    const path = pathIn(word);
    if (path === undefined || seen.has(path) || visible.some((folder) => isAtOrBelow(path, folder))) return [];
    seen.add(path);
    const source = sourceFor(path, host);
    return source === undefined ? [] : [invisible(path, source)];
  });
}

interface VolumeSource {
  readonly path: string;
  readonly mode: "ro" | "rw";
}

/** What would have to be mounted: the path itself, or, for a file that the server may want to create, its folder. */
function sourceFor(path: string, host: HostFacts): VolumeSource | undefined {
  const fact = host.paths?.get(path);
  if (fact === undefined) return undefined;
  if (fact.kind !== "missing") {
    return dangerOf(path, { isReadOnly: true, host }) === undefined ? { path, mode: "ro" } : undefined;
  }
  const folder = folderOf(path);
  const isFolder = host.paths?.get(folder)?.kind === "directory";
  const isSafe = dangerOf(folder, { isReadOnly: false, host }) === undefined && folder.split("/").length > 2;
  return isFolder && isSafe ? { path: folder, mode: "rw" } : undefined;
}

function invisible(path: string, { path: source, mode }: VolumeSource): Finding {
  const volume = `${source}:${source}${mode === "rw" ? ":rw" : ""}`;
  return {
    code: "invisible_path",
    severity: "warning",
    message: `The argument ${path} is a path of this machine, which the container cannot see.`,
    remedy: `Add "${volume}" to volumes in the isolation of this server${mode === "ro" ? ' (with ":rw" at the end if it writes there)' : ""}.`,
    fix: { key: "volumes", operation: "append", value: volume },
  };
}

/** The absolute path in a word such as "/data/x" or "--db=/data/x"; a URL is none. */
function pathIn(word: string): string | undefined {
  const text = /^--?[\w-]+=([\s\S]*)$/.exec(word)?.[1] ?? word;
  return /^\/[^\0:]*[^\0:/]$/.test(text) && !text.startsWith("//") ? text : undefined;
}

function folderOf(path: string): string {
  return normalize(`${path}/..`);
}

function isAtOrBelow(path: string, folder: string): boolean {
  const [inner, outer] = [normalize(path), normalize(folder)];
  return inner === outer || inner.startsWith(`${outer}/`);
}
