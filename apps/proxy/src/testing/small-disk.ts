import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own that can be filled up and freed again. */
export interface SmallDisk extends Disposable {
  readonly directory: string;
  fill(): void;
  free(): void;
}

/** Mounting needs root on Linux. */
export const canMountSmallDisk = process.platform === "linux" && process.getuid?.() === 0;

/** Mounts a file system in memory that holds so many bytes, in a folder of its own. */
export function mountSmallDisk(sizeBytes: number): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), "mcpproxy-disk-"));
  const disk = mountSmallDiskAt(directory, sizeBytes);
  return {
    ...disk,
    [Symbol.dispose]() {
      disk[Symbol.dispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The same over a folder that exists. */
export function mountSmallDiskAt(directory: string, sizeBytes: number): SmallDisk {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeBytes}`, "tmpfs", directory]);
  const ballast = join(directory, "ballast");
  return {
    directory,
    fill: () => fillUp(ballast),
    free: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]: () => void execFileSync("umount", ["--lazy", directory]),
  };
}

function fillUp(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(4_096), { flag: "a" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}
