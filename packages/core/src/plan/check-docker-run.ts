import { dangerOf } from "./dangerous-path.ts";
import type { DockerRunCommand } from "./docker-run-command.ts";
import type { RunOption } from "./docker-run-options.ts";
import type { Finding } from "./finding.ts";
import type { HostFacts, Refusal } from "./isolation-plan.ts";
import { strongCapabilities } from "./setting-findings.ts";

/** Refuses a `docker run` that cannot serve over stdio, and flags what gives its container the machine. */
export function checkDockerRun(
  server: string,
  command: DockerRunCommand,
  host: HostFacts,
): { readonly refusal?: Refusal; readonly findings: readonly Finding[] } {
  const problem = stdioProblem(command);
  if (problem !== undefined) {
    return {
      findings: [],
      refusal: {
        code: "docker_run_unusable",
        message: `The docker command of the server "${server}" ${problem.message}`,
        remedy: problem.remedy,
      },
    };
  }
  return { findings: command.flags.flatMap((flag) => riskOf(flag, host)) };
}

function stdioProblem({ hasTty, hasStdin, isDetached }: DockerRunCommand) {
  if (hasTty)
    return {
      message:
        'asks for a terminal (-t). MCP runs over pipes, so docker would end with "the input device is not a TTY".',
      remedy: 'Remove -t (write "-i" instead of "-it").',
    };
  if (isDetached)
    return {
      message: "runs in the background (-d), where nobody can talk to the server.",
      remedy: "Remove -d.",
    };
  if (!hasStdin)
    return {
      message: "does not attach stdin, so the server would never get a message.",
      remedy: 'Add "-i" behind "run".',
    };
  return undefined;
}

const riskyFlags: readonly { readonly flag: RegExp; readonly value?: RegExp; readonly why: string }[] = [
  { flag: /^--privileged$/, why: "gives the container this whole machine" },
  {
    flag: /^--(?:network|net)$/,
    // Also in the long form "name=host,alias=x".
    value: /^(?:.*,)?(?:name=)?host(?:,|$)/,
    why: "shares this machine's network with the container",
  },
  { flag: /^--(?:pid|ipc|uts|userns|cgroupns)$/, value: /^host$/, why: "shares a namespace of this machine" },
  { flag: /^--(?:network|net|pid|ipc)$/, value: /^container:/, why: "shares a namespace of another container" },
  {
    flag: /^--cap-add$/,
    value: new RegExp(`^(?:CAP_)?(?:${[...strongCapabilities].join("|")})$`, "i"),
    why: "adds strong rights",
  },
  { flag: /^--security-opt$/, value: /unconfined|disable/, why: "switches a protection off" },
  { flag: /^--(?:device|device-cgroup-rule|gpus)$/, why: "passes devices of this machine" },
  { flag: /^--volumes-from$/, why: "gives it the mounts of another container" },
  { flag: /^--use-api-socket$/, why: "gives the container the engine's socket, and with it this machine" },
];

function riskOf({ flag, value = "" }: RunOption, host: HostFacts): readonly Finding[] {
  if (flag === "--restart" && value !== "no") return [restarts(value)];
  const risk = riskyFlags.find((one) => one.flag.test(flag) && (one.value === undefined || one.value.test(value)));
  if (risk !== undefined && value !== "false") return [danger(`${flag}${value === "" ? "" : ` ${value}`}`, risk.why)];
  const mount = flag === "--volume" ? mountOfVolume(value) : flag === "--mount" ? mountOfOptions(value) : undefined;
  if (mount === undefined) return [];
  const why = dangerOf(mount.source, { isReadOnly: mount.isReadOnly, host });
  return why === undefined ? [] : [danger(`${flag} ${value}`, `gives away ${mount.source}: ${why}`)];
}

interface HostMount {
  readonly source: string;
  readonly isReadOnly: boolean;
}

/** Docker mounts writable unless told otherwise, unlike "volumes" of the config. */
function mountOfVolume(value: string): HostMount | undefined {
  const [, source, mode = ""] = /^((?:[A-Za-z]:(?=[\\/]))?[^:]*):[^:]*(?::([^:]*))?$/.exec(value) ?? [];
  if (source === undefined || !/^(?:\/|[A-Za-z]:)/.test(source)) return undefined;
  return { source, isReadOnly: mode.split(",").includes("ro") };
}

/** type=bind,src=/a,dst=/b,readonly */
function mountOfOptions(value: string): HostMount | undefined {
  const options = csvFields(value).map(mountOption);
  const valueOf = (...names: string[]): string | undefined =>
    options.findLast(({ name }) => names.includes(name))?.text;
  const isBind = valueOf("type")?.toLowerCase() === "bind";
  const source = isBind ? valueOf("src", "source") : boundByDriver(options);
  if (source === undefined) return undefined;
  return { source, isReadOnly: /^(?:1|t|true)$/i.test(valueOf("ro", "readonly") ?? "false") };
}

interface MountOption {
  readonly name: string;
  readonly text: string;
}

/** A switch such as "readonly" has no text of its own. */
function mountOption(field: string): MountOption {
  const [name = "", ...text] = field.split("=");
  return { name: name.toLowerCase(), text: text.length === 0 ? "true" : text.join("=") };
}

/** A volume may be a folder of this machine too: type=volume,volume-opt=o=bind,volume-opt=device=/a */
function boundByDriver(options: readonly MountOption[]): string | undefined {
  const device = options.find(({ name, text }) => name === "volume-opt" && text.startsWith("device="))?.text;
  const isBound = options.some(({ name, text }) => name === "volume-opt" && /^o=(?:.*,)?r?bind(?:,|$)/.test(text));
  return isBound ? device?.slice("device=".length) : undefined;
}

/** Docker reads the value as one line of CSV: a field with a comma stands in quotes. */
function csvFields(line: string): readonly string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
  );
}

function restarts(policy: string): Finding {
  return {
    code: "docker_run_flag",
    severity: "warning",
    message: `--restart ${policy} in the docker command has no use here: a container that Docker starts again has no client, so MCPProxy removes it when the run ends.`,
    remedy: "Remove it from the arguments.",
  };
}

function danger(what: string, why: string): Finding {
  return {
    code: "docker_run_flag",
    severity: "danger",
    message: `${what} in the docker command ${why}.`,
    remedy: "Remove it from the arguments.",
  };
}
