import { readFileSync, statSync } from "node:fs";

const maximumSecretBytes = 64 * 1024;

export type SecretText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string; readonly remedy: string };

/** The text of a file without its last newline, which belongs to the file and not to the secret; "~/" is the home folder. */
export function readSecretFile(path: string, homeDirectory: string): SecretText {
  const file = /^~[\\/]/.test(path) ? `${homeDirectory}${path.slice(1)}` : path;
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(file))
    return failed(`the path ${path} is not absolute.`, "Write the whole path of the file.");
  try {
    const { size, isRegular } = look(file);
    // Reading a pipe or a device could wait for ever.
    if (!isRegular) return failed(`${file} is not a file.`, "Name a file that holds only the secret.");
    if (size > maximumSecretBytes) return tooLarge(file);
    const content = readFileSync(file);
    // Files of the kernel say that they are empty.
    if (content.byteLength > maximumSecretBytes) return tooLarge(file);
    const text = content.toString("utf8").replace(/\r?\n$/, "");
    if (text.includes("\0"))
      return failed(`the file ${file} holds a NUL character, which no variable can.`, "Name a file with text.");
    return { ok: true, text };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return failed(
      `the file ${file} cannot be read (${reason}).`,
      "Create it, or correct the path; then save the config again.",
    );
  }
}

function look(file: string): { readonly size: number; readonly isRegular: boolean } {
  const found = statSync(file);
  return { size: found.size, isRegular: found.isFile() };
}

function tooLarge(file: string): SecretText {
  return failed(`the file ${file} is larger than 64 KiB.`, "Name a file that holds only the secret.");
}

function failed(message: string, remedy: string): SecretText {
  return { ok: false, message, remedy };
}
