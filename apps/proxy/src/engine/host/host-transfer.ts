import { readFile } from "node:fs/promises";

/** What a process has written, to files and elsewhere, from /proc; undefined where there is none. */
export async function readHostTransfer(pid: number): Promise<number | undefined> {
  const io = await readFile(`/proc/${pid}/io`, "utf8").catch(() => "");
  const bytes = /^wchar: (\d+)$/m.exec(io)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}
