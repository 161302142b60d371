import { execFile } from "node:child_process";

const lddBatchSize = 200;

/** The shared libraries, with the loader, that programs and libraries of this host need; scripts and static programs need none. */
export async function findSharedLibraries(paths: readonly string[]): Promise<string[]> {
  const libraries = new Set<string>();
  for (let start = 0; start < paths.length; start += lddBatchSize) {
    const output = await runLdd(paths.slice(start, start + lddBatchSize));
    for (const path of parseLdd(output)) libraries.add(path);
  }
  return [...libraries];
}

/** Reads lines such as "libm.so.6 => /lib/libm.so.6 (0x…)" and "/lib64/ld-linux-x86-64.so.2 (0x…)". */
export function parseLdd(output: string): string[] {
  return output.split("\n").flatMap((line) => {
    const path = /^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
}

/** ldd exits with 1 when one of the files is not dynamic; its output is right for the others. */
function runLdd(paths: readonly string[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile("ldd", [...paths], { maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => resolve(stdout));
  return promise;
}
