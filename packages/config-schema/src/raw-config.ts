import * as z from "zod";
import {
  caCertificatesField,
  containerPathField,
  countField,
  cpusField,
  durationField,
  hostPathField,
  imageField,
  listenField,
  logDriverField,
  logSizeField,
  memoryField,
  networkModeField,
  pullPolicyField,
  serverNameField,
  volumeField,
} from "./config-fields.ts";

const pidsField = countField({ minimum: 1, maximum: 4_194_304 }).describe("Most processes and threads at once.");
const keepExitedField = countField({ minimum: 0, maximum: 10 }).describe(
  "How many containers of failed runs to keep per server for docker logs and docker inspect.",
);
const logFilesField = countField({ minimum: 1, maximum: 100 }).describe(
  "How many log files Docker keeps per container.",
);

/** The section `docker_isolation`: what holds for every server that does not say otherwise. */
export const dockerIsolationObject = z.strictObject({
  enabled: z.boolean().prefault(true).describe("Master switch: run every stdio server in a container."),
  memory_limit: memoryField.prefault("512m"),
  cpu_limit: cpusField.prefault("1.0"),
  timeout: durationField
    .prefault("30s")
    .describe("From container start to the answer to initialize; the pull has its own."),
  pull_timeout: durationField.prefault("10m"),
  stop_timeout: durationField.prefault("10s").describe("Wait after each stop step before the next one."),
  network_mode: networkModeField.prefault("bridge"),
  default_images: z
    .record(z.string(), imageField)
    .prefault({})
    .describe("Command → image; merges over the built-in images."),
  pids_limit: pidsField.prefault(256),
  pull_policy: pullPolicyField.prefault("missing"),
  ca_certificates: caCertificatesField.prefault("auto"),
  keep_exited: keepExitedField.prefault(1),
  log_driver: logDriverField.prefault("local"),
  log_max_size: logSizeField.prefault("10m"),
  log_max_files: logFilesField.prefault(3),
});

/** The section `isolation` of one server; what it leaves out comes from `docker_isolation`. */
export const serverIsolationObject = z.strictObject({
  enabled: z.boolean().optional().describe("false runs this server on the host, with all your rights."),
  image: imageField.optional(),
  memory_limit: memoryField.optional(),
  cpu_limit: cpusField.optional(),
  timeout: durationField.optional(),
  pull_timeout: durationField.optional(),
  stop_timeout: durationField.optional(),
  network_mode: networkModeField.optional(),
  working_dir: containerPathField.optional().describe("Working directory in the container."),
  volumes: z.array(volumeField).optional().describe("Folders of the host that the server may see."),
  pids_limit: pidsField.optional(),
  pull_policy: pullPolicyField.optional(),
  ca_certificates: caCertificatesField.optional(),
  keep_exited: keepExitedField.optional(),
  log_driver: logDriverField.optional(),
  log_max_size: logSizeField.optional(),
  log_max_files: logFilesField.optional(),
});

const nulFreeText = z.string().refine((text) => !text.includes("\0"), { error: "holds a NUL character." });
const envName = z.string().regex(/^[^=\s\0]+$/, { error: "is not the name of an environment variable." });

/** One entry of `mcpServers`, without the name, as Claude Desktop and Cursor write it. */
export const serverEntryObject = z.looseObject({
  command: nulFreeText.min(1, { error: "is empty." }).describe("Program to start, for example npx or uvx."),
  args: z.array(nulFreeText).prefault([]),
  env: z
    .record(envName, nulFreeText)
    .prefault({})
    .describe("Environment of the server; values are treated as secrets."),
  working_dir: hostPathField
    .optional()
    .describe("Working directory on the host, for a server that runs without isolation."),
  cwd: hostPathField.optional().describe("The same as working_dir."),
  enabled: z.boolean().prefault(true),
  disabled: z.boolean().prefault(false).describe("Other clients' way to say enabled: false."),
  type: z.literal("stdio").optional(),
  isolation: serverIsolationObject.prefault({}),
});

/** One entry of `mcpServers` with its name, as the list form has it. */
export const namedServerObject = serverEntryObject.extend({ name: serverNameField });

/** The keys of the file outside the servers. */
export const settingsObject = z.looseObject({
  $schema: z.string().optional(),
  listen: listenField.prefault("127.0.0.1:8080"),
  docker_isolation: dockerIsolationObject.prefault({}),
});
