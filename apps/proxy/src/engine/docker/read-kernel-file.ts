import { readFileSync } from "node:fs";

/** Reads a file that the kernel makes up: microseconds, of which a thread and a file handle would make ten times as many. */
export async function readKernelFile(path: string): Promise<string> {
  return readFileSync(path, "utf8");
}
