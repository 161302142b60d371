import { statSync } from "node:fs";
import { resolve } from "node:path";

/** Tells one state of a config file from another without reading it; undefined when there is none. */
export function configStamp(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${resolve(path)} ${found.mtimeMs} ${found.size}`;
}
