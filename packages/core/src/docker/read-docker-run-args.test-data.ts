import type { IsolationPlan } from "../plan/isolation-plan.ts";

/** What a printed command says, in the shapes of the plan. */
export type PrintedPlan = Pick<
  IsolationPlan,
  "image" | "limits" | "mounts" | "tmpfs" | "devices" | "hardening" | "logDriver"
> & {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Without a value where the printed command takes it from its own environment. */
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly network: Omit<IsolationPlan["network"], "allowHosts">;
  readonly volumes: readonly { readonly name: string; readonly target: string }[];
  readonly platform?: string;
  readonly workingDir?: string;
};

const sizes: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Reads what `toDockerRunArgs` prints; written from Docker's reference and not from the printer. */
export function readDockerRunArgs(args: readonly string[]): PrintedPlan {
  const imageAt = args.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  const [run, ...flags] = args.slice(0, imageAt);
  const image = args[imageAt];
  if (run !== "run" || image === undefined || !flags.includes("-i")) throw new Error(`Not run -i: ${args.join(" ")}`);
  const all = (flag: string) =>
    flags.filter((word) => word.startsWith(`--${flag}=`)).map((word) => word.slice(flag.length + 3));
  const one = (flag: string) => all(flag)[0];
  const platform = one("platform");
  const workingDir = one("workdir");
  const mounts = all("mount").map(readMount);
  return {
    name: one("name") ?? "",
    labels: Object.fromEntries(all("label").map((label) => splitAt(label, "="))),
    image,
    command: args.slice(imageAt + 1),
    env: all("env").map(readEnv),
    limits: readLimits(one, all("ulimit")),
    network: { mode: one("network") ?? "", dns: all("dns"), extraHosts: all("add-host") },
    mounts: mounts.filter(({ type }) => type === "bind").map(({ type: _, ...mount }) => mount),
    volumes: mounts.filter(({ type }) => type === "volume").map(({ source, target }) => ({ name: source, target })),
    tmpfs: all("tmpfs").map((mount) => {
      const [path, options] = splitAt(mount, ":");
      return { path, options };
    }),
    devices: all("device").map((device) => {
      const [hostPath = "", containerPath = "", permissions = ""] = device.split(":");
      return { hostPath, containerPath, permissions };
    }),
    hardening: readHardening(flags, all),
    logDriver: {
      name: one("log-driver") ?? "",
      options: Object.fromEntries(all("log-opt").map((option) => splitAt(option, "="))),
    },
    ...(platform === undefined ? {} : { platform }),
    ...(workingDir === undefined ? {} : { workingDir }),
  };
}

function readLimits(one: (flag: string) => string | undefined, ulimits: readonly string[]): IsolationPlan["limits"] {
  const shm = one("shm-size");
  return {
    memoryBytes: readSize(one("memory")),
    memorySwapBytes: readSize(one("memory-swap")),
    cpus: Number(one("cpus")),
    pids: Number(one("pids-limit")),
    ...(shm === undefined ? {} : { shmBytes: readSize(shm) }),
    ulimits: ulimits.map((ulimit) => {
      const [name = "", soft, hard] = ulimit.split(/[=:]/);
      return { name, soft: Number(soft), hard: Number(hard) };
    }),
  };
}

function readHardening(flags: readonly string[], all: (flag: string) => readonly string[]): IsolationPlan["hardening"] {
  const security = all("security-opt");
  const [user] = all("user");
  const [ociRuntime] = all("runtime");
  return {
    capDrop: all("cap-drop"),
    capAdd: all("cap-add"),
    hasNoNewPrivileges: security.includes("no-new-privileges"),
    securityOpt: security.filter((option) => option !== "no-new-privileges"),
    hasInit: flags.includes("--init"),
    hasReadOnlyRoot: flags.includes("--read-only"),
    ...(user === undefined ? {} : { user }),
    ...(ociRuntime === undefined ? {} : { ociRuntime }),
  };
}

function readMount(mount: string) {
  const fields = readCsv(mount);
  const values = new Map(fields.map((field) => splitAt(field, "=")));
  return {
    type: values.get("type"),
    source: values.get("source") ?? "",
    target: values.get("target") ?? "",
    isReadOnly: fields.includes("readonly"),
  };
}

/** Reads one line of comma-separated values the way Docker's client does. */
export function readCsv(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
    (field) => field[1]?.replaceAll('""', '"') ?? field[2] ?? "",
  );
}

function readEnv(text: string): PrintedPlan["env"][number] {
  const [name, value] = splitAt(text, "=");
  return text.includes("=") ? { name, value } : { name };
}

function readSize(text = ""): number {
  return Number(text.slice(0, -1)) * (sizes[text.slice(-1)] ?? Number.NaN);
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
