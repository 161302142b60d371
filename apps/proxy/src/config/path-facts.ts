import { lstatSync, realpathSync, statSync } from "node:fs";
import type { PathFact } from "@mcpproxy/core/plan/isolation-plan";

/** What is at each of these paths, links followed. */
export function gatherPathFacts(paths: Iterable<string>): ReadonlyMap<string, PathFact> {
  return new Map([...paths].map((path) => [path, factOf(path)]));
}

function factOf(path: string): PathFact {
  try {
    // The system's own knows the true spelling where upper and lower case are the same.
    const realPath = realpathSync.native(path);
    const found = statSync(realPath);
    const kind = found.isDirectory() ? "directory" : found.isFile() ? "file" : found.isSocket() ? "socket" : "other";
    return { kind, realPath };
  } catch {
    // What cannot be looked at may still be there; only what is certainly missing is called so.
    return { kind: isThere(path) ? "other" : "missing", realPath: path };
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"));
  }
}
