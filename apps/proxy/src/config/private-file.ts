import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Reads a small secret or id, making it on the first call. Only the user can read the file (0600, folder 0700). */
export async function readOrCreateSecret(path: string, bytes: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const secret = randomBytes(bytes).toString("hex");
  try {
    await writeFile(path, `${secret}\n`, { flag: "wx", mode: 0o600 });
    return secret;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  await chmod(path, 0o600);
  const existing = (await readFile(path, "utf8")).trim();
  if (existing === "") throw new Error(`${path} is empty: delete it, and MCPProxy makes a new one`);
  return existing;
}
