import type { Runtime } from "../runtime/runtime.ts";

/** Options of uv without a value; behind every other one stands its value. */
const uvSwitch =
  /^(?:-[nqvUV]+|--(?:no-[\w-]+|isolated|managed-python|native-tls|offline|quiet|refresh|reinstall|upgrade|verbose|all-[\w-]+|exact|frozen|locked))$/;
const subcommands = new Set(["run", "tool"]);

/**
 * The Python that a command asks for: `uvx --python 3.12 …`, `pipx run --python python3.12 …`, `py -3.12 …`. With the
 * image of that version uv need not download a second one. What stands behind the package is the server's own.
 */
export function requestedPython(runtime: Runtime, args: readonly string[]): string | undefined {
  if (runtime === "python") return /^-(\d+\.\d+)$/.exec(args[0] ?? "")?.[1];
  if (runtime !== "uvx" && runtime !== "uv" && runtime !== "pipx") return undefined;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    const [, joined] = /^--python=(.+)$/.exec(word) ?? /^-p(.+)$/.exec(word) ?? [];
    if (joined !== undefined) return minorVersion(joined);
    if (word === "--python" || word === "-p") return minorVersion(args[index + 1] ?? "");
    if (word.startsWith("-")) index += word.includes("=") || uvSwitch.test(word) ? 0 : 1;
    else if (runtime === "uvx" || !subcommands.has(word)) return undefined;
  }
  return undefined;
}

/** "3.12", "python3.12", "cpython@3.12.4": the images are chosen by minor version. */
function minorVersion(text: string): string | undefined {
  return /^(?:c?python)?[@=-]*(\d+\.\d+)(?:\.\d+)?$/.exec(text)?.[1];
}
