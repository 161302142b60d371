/** A group of flags of `docker run` that extra_args does not take, with what speaks against them. */
export interface RefusedFlags {
  readonly names: RegExp;
  readonly why: string;
  readonly remedy: string;
}

/** Flags of docker run without a value; behind all others the next word is the value. */
const switches =
  /^(?:-[diPqt]+|--(?:detach|disable-content-trust|help|interactive|no-healthcheck|oom-kill-disable|privileged|publish-all|quiet|rm|sig-proxy|tty|use-api-socket))$/;

/** True for a flag that stands alone. */
export function isSwitch(flag: string): boolean {
  return switches.test(flag);
}

/** Why a flag is refused; undefined for one that docker run does not have. */
export function refusedFlag(flag: string): RefusedFlags | undefined {
  return refusedFlags.find(({ names }) => names.test(flag));
}

/** With `settings` of docker-flags.ts every flag of https://docs.docker.com/reference/cli/docker/container/run/ */
const refusedFlags: readonly RefusedFlags[] = [
  {
    names: /^--(?:privileged|use-api-socket)$/,
    why: "it gives the server this whole machine.",
    remedy: "Give it the one thing it needs with cap_add or devices.",
  },
  {
    names: /^(?:--tty|-[diPqt]*t[diPqt]*)$/,
    why: "a terminal on stdin breaks the messages of a stdio server.",
    remedy: "Remove it; MCPProxy always attaches stdin.",
  },
  {
    names: /^(?:--detach|-[diPq]*d[diPq]*)$/,
    why: "MCPProxy has to stay attached to the server.",
    remedy: "Remove it.",
  },
  {
    names: /^(?:--(?:publish|publish-all|expose)|-p|-[iPq]*P[iPq]*)$/,
    why: "a stdio server needs no ports.",
    remedy: "Remove it.",
  },
  {
    names: /^(?:--(?:interactive|attach|sig-proxy|detach-keys)|-[iq]*i[iq]*|-a)$/,
    why: "MCPProxy always attaches stdin, stdout and stderr.",
    remedy: "Remove it.",
  },
  {
    names: /^(?:--(?:quiet|help|disable-content-trust)|-q+)$/,
    why: "it is for docker's own client, which MCPProxy does not use.",
    remedy: "Remove it.",
  },
  {
    names: /^--(?:rm|restart)$/,
    why: "MCPProxy reads how a container ended before it removes or restarts it.",
    remedy: "Use keep_exited to say how many ended containers stay.",
  },
  {
    names: /^--(?:name|label|label-file|annotation|cidfile|hostname|domainname|entrypoint)$|^-[lh]$/,
    why: "MCPProxy sets it to find its own containers again.",
    remedy: "Remove it.",
  },
  {
    names: /^(?:--env|--env-file|-e)$/,
    why: "values in extra_args would be shown with the command.",
    remedy: 'Use "env" of the server; its values stay secret.',
  },
  {
    names: /^--(?:mount|volumes-from|volume-driver)$/,
    why: "mounts go through the checks of volumes.",
    remedy: 'Use "volumes" of the server\'s isolation.',
  },
  {
    names: /^--(?:memory-reservation|memory-swappiness|kernel-memory)$/,
    why: "MCPProxy watches one memory limit.",
    remedy: "Use memory_limit and memory_swap.",
  },
  {
    names: /^(?:--cpu-(?:count|percent|period|quota|rt-period|rt-runtime|shares)|--cpuset-(?:cpus|mems)|-c)$/,
    why: "MCPProxy knows one limit for processors.",
    remedy: "Use cpu_limit.",
  },
  {
    names: /^--(?:blkio-weight(?:-device)?|device-(?:read|write)-(?:bps|iops)|io-max(?:bandwidth|iops)|storage-opt)$/,
    why: "MCPProxy has no limit for disks.",
    remedy: "Remove it.",
  },
  { names: /^--log-opt$/, why: "logs have keys of their own.", remedy: "Use log_max_size and log_max_files." },
  {
    names: /^--stop-(?:signal|timeout)$/,
    why: "MCPProxy stops a server in steps of its own.",
    remedy: "Use stop_timeout.",
  },
  {
    names: /^--(?:health-[a-z-]+|no-healthcheck)$/,
    why: "MCPProxy judges a server by its answers.",
    remedy: "Remove it.",
  },
  {
    names: /^--(?:ip6?|link|link-local-ip|mac-address|net(?:work)?-alias|dns-opt(?:ion)?|dns-search)$/,
    why: "a server needs no place of its own in a network.",
    remedy: "Use network_mode, dns and extra_hosts.",
  },
  {
    names:
      /^--(?:pid|ipc|uts|userns|cgroupns|cgroup-parent|device-cgroup-rule|gpus|group-add|isolation|sysctl|oom-kill-disable|oom-score-adj)$/,
    why: "it weakens the isolation or the evidence of how a server ended.",
    remedy: "Remove it.",
  },
];
