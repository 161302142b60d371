/** One option of `docker run` under its long name: "-v/a:/b" is --volume with "/a:/b". */
export interface RunOption {
  readonly flag: string;
  /** Undefined for a switch that is simply on. */
  readonly value: string | undefined;
}

export interface RunOptions {
  readonly flags: readonly RunOption[];
  /** The words of all options as they were written, without those that are left out. */
  readonly kept: readonly string[];
  /** The image and everything behind it. */
  readonly rest: readonly string[];
}

/** Flags of docker run without a value; all others take one. https://docs.docker.com/reference/cli/docker/container/run/ */
const switches = new Set([
  "--detach",
  "--disable-content-trust",
  "--help",
  "--init",
  "--interactive",
  "--no-healthcheck",
  "--oom-kill-disable",
  "--privileged",
  "--publish-all",
  "--quiet",
  "--read-only",
  "--rm",
  "--sig-proxy",
  "--tty",
  "--use-api-socket",
]);
/** Those that only podman and nerdctl have. https://docs.podman.io/en/latest/markdown/podman-run.1.html */
const foreignSwitches = new Set([
  "--all-platforms",
  "--env-host",
  "--http-proxy",
  "--no-hostname",
  "--no-hosts",
  "--passwd",
  "--read-only-tmpfs",
  "--replace",
  "--rmi",
  "--rootfs",
  "--tls-verify",
]);
const shortSwitches = "ditPq";
const longNames: Readonly<Record<string, string>> = {
  i: "--interactive",
  t: "--tty",
  d: "--detach",
  P: "--publish-all",
  q: "--quiet",
  v: "--volume",
  u: "--user",
  p: "--publish",
  e: "--env",
  m: "--memory",
  l: "--label",
  w: "--workdir",
  h: "--hostname",
  c: "--cpu-shares",
  a: "--attach",
};

/** Reads what stands behind `run`, up to the image; leaves out what `isLeftOut` says. Never throws. */
export function readRunOptions(args: readonly string[], isLeftOut: (option: RunOption) => boolean): RunOptions {
  const flags: RunOption[] = [];
  const kept: string[] = [];
  let index = 0;
  while (index < args.length) {
    const word = args[index] ?? "";
    if (word === "--") return { flags, kept: [...kept, word], rest: args.slice(index + 1) };
    if (!word.startsWith("-") || word === "-") break;
    const option = readOption(word, args[index + 1]);
    flags.push(...option.flags);
    const length = option.takesNext ? 2 : 1;
    const isOneLeftOut = option.flags.length === 1 && option.flags.every(isLeftOut);
    if (!isOneLeftOut) kept.push(...args.slice(index, index + length));
    index += length;
  }
  return { flags, kept, rest: args.slice(index) };
}

interface ReadOption {
  readonly flags: readonly RunOption[];
  readonly takesNext: boolean;
}

function readOption(word: string, next: string | undefined): ReadOption {
  if (!word.startsWith("--")) return readShort(word, next);
  const at = word.indexOf("=");
  if (at !== -1) return { flags: [{ flag: word.slice(0, at), value: word.slice(at + 1) }], takesNext: false };
  if (switches.has(word) || foreignSwitches.has(word))
    return { flags: [{ flag: word, value: undefined }], takesNext: false };
  return { flags: [{ flag: word, value: next }], takesNext: true };
}

/** "-it", "-i", "-i=true", "-v /a:/b", "-v/a:/b": switches may be joined, the first flag with a value takes the rest. */
function readShort(word: string, next: string | undefined): ReadOption {
  const flags: RunOption[] = [];
  for (let index = 1; index < word.length; index += 1) {
    const letter = word.charAt(index);
    const flag = longNames[letter] ?? `-${letter}`;
    const behind = word.slice(index + 1);
    if (shortSwitches.includes(letter)) {
      const isAssigned = behind.startsWith("=");
      flags.push({ flag, value: isAssigned ? behind.slice(1) : undefined });
      if (isAssigned) break;
      continue;
    }
    flags.push({ flag, value: behind === "" ? next : behind.replace(/^=/, "") });
    return { flags, takesNext: behind === "" };
  }
  return { flags, takesNext: false };
}
