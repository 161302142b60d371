import * as z from "zod";
import {
  allowHostField,
  caCertificatesField,
  capabilityField,
  countField,
  cpusField,
  deviceField,
  dockerContextField,
  dockerHostField,
  durationField,
  extraHostField,
  idleTimeoutField,
  ipAddressField,
  logDriverField,
  logSizeField,
  memoryField,
  networkModeField,
  ociRuntimeField,
  platformField,
  pullPolicyField,
  registryField,
  securityOptField,
  shmSizeField,
  tmpfsField,
  ulimitField,
  ulimitNameField,
  userField,
} from "./config-fields.ts";
import { healthCheckField } from "./health-check-field.ts";
import { restartField } from "./restart-field.ts";

export const pidsField = countField({ minimum: 1, maximum: 4_194_304 }).describe("Most processes and threads at once.");

/** The keys that `docker_isolation` and a server's `isolation` share. A list of the server replaces the global one, a map is merged into it. */
export const isolationShape = {
  preset: z
    .enum(["standard", "strict"])
    .optional()
    .describe("strict: read-only root, a user that is not root, no network; single keys still win."),
  memory_limit: memoryField.optional(),
  memory_swap: memoryField
    .optional()
    .describe("Memory plus swap; equal to memory_limit by default, so that an overrun ends at once."),
  cpu_limit: cpusField.optional(),
  pids_limit: pidsField.optional(),
  ulimits: z.record(ulimitNameField, ulimitField).optional().describe('For example { "nofile": "1024:2048" }; merged.'),
  shm_size: shmSizeField.optional(),
  timeout: durationField.optional().describe("From container start to the answer to initialize; the pull has its own."),
  pull_timeout: durationField.optional(),
  stop_timeout: durationField.optional().describe("Wait after each stop step before the next one."),
  start: z.enum(["eager", "lazy"]).optional().describe("eager: with MCPProxy. lazy: with the first call or session."),
  idle_timeout: idleTimeoutField.optional(),
  health_check: healthCheckField.optional(),
  restart: restartField.optional(),
  scope: z
    .enum(["shared", "session"])
    .optional()
    .describe("shared: one run serves every session. session: each client session gets a run of its own."),
  max_sessions: countField({ minimum: 1, maximum: 1_000 })
    .optional()
    .describe('With scope "session": how many sessions, and with them runs, the server has at most.'),
  network_mode: networkModeField.optional(),
  allow_hosts: z
    .array(allowHostField)
    .optional()
    .describe('With network_mode "allowlist": the hosts that may be reached over HTTPS.'),
  dns: z.array(ipAddressField).optional(),
  extra_hosts: z.array(extraHostField).optional(),
  read_only: z.boolean().optional().describe("Read-only root file system."),
  tmpfs: z.array(tmpfsField).optional(),
  user: userField.optional(),
  cap_drop: z.array(capabilityField).optional(),
  cap_add: z.array(capabilityField).optional(),
  security_opt: z.array(securityOptField).optional().describe("no-new-privileges is always set unless it says false."),
  init: z.boolean().optional().describe("An init process that passes signals on; many servers ignore SIGTERM without."),
  runtime: ociRuntimeField.optional().describe("OCI runtime, for example runsc (gVisor)."),
  devices: z.array(deviceField).optional(),
  pull_policy: pullPolicyField.optional(),
  registry: registryField.optional().describe("Where default images without a registry of their own come from."),
  platform: platformField.optional(),
  ca_certificates: caCertificatesField.optional(),
  enable_cache_volume: z
    .boolean()
    .optional()
    .describe("A volume of the server's own for npm, uv and the like, so that the second start is warm."),
  keep_exited: countField({ minimum: 0, maximum: 10 })
    .optional()
    .describe("How many containers of failed runs to keep per server for docker logs and docker inspect."),
  log_driver: logDriverField.optional(),
  log_max_size: logSizeField.optional(),
  log_max_files: countField({ minimum: 1, maximum: 100 })
    .optional()
    .describe("How many log files Docker keeps per container."),
  allow_dangerous_mounts: z
    .boolean()
    .optional()
    .describe("Insist on volumes that give the server the machine or its keys."),
  docker_context: dockerContextField.optional(),
  docker_host: dockerHostField.optional(),
  extra_args: z
    .array(z.string())
    .optional()
    .describe("Flags of docker run that have a key here; everything else is refused by name."),
};
