import { dangerOf } from "./dangerous-path.ts";
import type { DockerRunCommand } from "./docker-run-command.ts";
import type { RunOption } from "./docker-run-options.ts";
import type { Finding } from "./finding.ts";
import type { HostFacts, Refusal } from "./isolation-plan.ts";

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
  { flag: /^--(?:network|net)$/, value: /^host$/, why: "shares this machine's network with the container" },
  { flag: /^--(?:pid|ipc|uts|userns|cgroupns)$/, value: /^host$/, why: "shares a namespace of this machine" },
  {
    flag: /^--cap-add$/,
    value: /^(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|NET_ADMIN)$/i,
    why: "adds strong rights",
  },
  { flag: /^--security-opt$/, value: /unconfined|disable/, why: "switches a protection off" },
  { flag: /^--device$/, why: "passes a device of this machine" },
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
  const options = value.split(",").map((option) => option.split("="));
  const valueOf = (...names: string[]): string | undefined => options.find(([name = ""]) => names.includes(name))?.[1];
  const source = valueOf("src", "source");
  if (valueOf("type") !== "bind" || source === undefined) return undefined;
  const isReadOnly = options.some(([name = "", on = "true"]) => ["ro", "readonly"].includes(name) && on === "true");
  return { source, isReadOnly };
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
