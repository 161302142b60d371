import { accepted, rejected, type UnitResult } from "./unit-result.ts";

export interface Volume {
  /** Absolute path on the host. */
  readonly hostPath: string;
  /** Absolute path in the container. */
  readonly containerPath: string;
  readonly isReadOnly: boolean;
}

const remedy = 'Write "/host/path:/container/path", with ":rw" at the end if the server may write there.';

/** Reads "host:container[:ro|rw]" with two absolute paths (a Windows drive letter is fine); read-only unless it says rw. */
export function parseVolume(text: string): UnitResult<Volume> {
  const shown = JSON.stringify(text);
  const match = /^((?:[A-Za-z]:(?=[\\/]))?[^:]*):([^:]*)(?::([^:]*))?$/.exec(text);
  if (match === null) return rejected(`${shown} is not a host path and a container path.`, remedy);
  const [, hostPath = "", containerPath = "", mode = "ro"] = match;
  if (mode !== "ro" && mode !== "rw") return rejected(`${shown} ends in an unknown mode.`, 'Use ":ro" or ":rw".');
  if (!isAbsoluteHostPath(hostPath)) return rejected(`${shown} has a host path that is not absolute.`, remedy);
  if (!/^\/+[^/]/.test(containerPath)) {
    return rejected(`${shown} needs an absolute container path below "/".`, remedy);
  }
  if (text.includes("\0")) return rejected(`${shown} holds a NUL character.`, remedy);
  return accepted({ hostPath, containerPath, isReadOnly: mode === "ro" });
}

function isAbsoluteHostPath(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
}
