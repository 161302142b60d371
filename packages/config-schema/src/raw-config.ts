import * as z from "zod";
import {
  containerPathField,
  countField,
  cpusField,
  hostPathField,
  imageField,
  listenField,
  memoryField,
  serverNameField,
  shmSizeField,
  volumeField,
} from "./config-fields.ts";
import { checkExtraArgs } from "./extra-args.ts";
import { historyField } from "./history-field.ts";
import { isolationShape, pidsField } from "./isolation-shape.ts";
import { limitsField } from "./limits-field.ts";
import { toolsField } from "./tools-field.ts";
import type { Volume } from "./volume.ts";

/** The section `docker_isolation`: what holds for every server that does not say otherwise. */
export const dockerIsolationObject = z
  .strictObject({
    enabled: z.boolean().prefault(true).describe("Master switch: run every stdio server in a container."),
    ...isolationShape,
    default_images: z
      .record(z.string(), imageField)
      .prefault({})
      .describe("Command → image; merges over the built-in images."),
    max_cold_starts: countField({ minimum: 1, maximum: 100 })
      .optional()
      .describe("How many servers start at the same time, 4 when left out; the others wait for their turn."),
    max_containers: countField({ minimum: 0, maximum: 10_000 })
      .optional()
      .describe(
        "How many containers run at the same time, 200 when left out or 0; further starts wait for a free place.",
      ),
    max_memory_limit: memoryField.optional().describe("No server gets more, whatever it asks for."),
    max_cpu_limit: cpusField.optional().describe("No server gets more, whatever it asks for."),
    max_pids_limit: pidsField.optional().describe("No server gets more, whatever it asks for."),
    max_shm_size: shmSizeField.optional().describe("No server gets more, whatever it asks for."),
  })
  .superRefine((raw, context) => checkIsolation(raw, context, "global"));

/** The section `isolation` of one server; what it leaves out comes from `docker_isolation`. */
export const serverIsolationObject = z
  .strictObject({
    enabled: z.boolean().optional().describe("false runs this server on the host, with all your rights."),
    image: imageField.optional(),
    ...isolationShape,
    working_dir: containerPathField.optional().describe("Working directory in the container."),
    volumes: z.array(volumeField).optional().describe("Folders of the host that the server may see."),
  })
  .superRefine((raw, context) => {
    checkIsolation(raw, context, "server");
    checkMountPoints(raw.volumes ?? [], context);
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
    .describe("Environment of the server; values are treated as secrets. ${env:NAME} and ${file:/path} are replaced."),
  working_dir: hostPathField
    .optional()
    .describe("Working directory on the host, for a server that runs without isolation."),
  cwd: hostPathField.optional().describe("The same as working_dir."),
  enabled: z.boolean().prefault(true),
  disabled: z.boolean().prefault(false).describe("Other clients' way to say enabled: false."),
  type: z.literal("stdio").optional(),
  tools: toolsField.optional(),
  isolation: serverIsolationObject.prefault({}),
});

/** One entry of `mcpServers` with its name, as the list form has it. */
export const namedServerObject = serverEntryObject.extend({ name: serverNameField });

/** The keys of the file outside the servers. */
export const settingsObject = z.looseObject({
  $schema: z.string().optional(),
  listen: listenField.prefault("127.0.0.1:8080"),
  docker_isolation: dockerIsolationObject.prefault({}),
  history: historyField.prefault({}),
  limits: limitsField.prefault({}),
});

function checkIsolation(
  raw: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
  level: "global" | "server",
): void {
  checkExtraArgs(raw, context, level);
  if (raw["docker_context"] === undefined || raw["docker_host"] === undefined) return;
  context.addIssue({
    code: "custom",
    path: ["docker_host"],
    message: "contradicts docker_context: both choose the engine.",
    params: { remedy: "Remove one of them." },
  });
}

/** Docker would refuse two mounts at one place too, but only when it creates the container. */
function checkMountPoints(volumes: readonly Volume[], context: z.RefinementCtx): void {
  const places = volumes.map(({ containerPath }) => containerPath.replaceAll(/\/+/g, "/").replace(/\/$/, ""));
  for (const [index, place] of places.entries()) {
    const first = places.indexOf(place);
    if (first === index) continue;
    context.addIssue({
      code: "custom",
      path: ["volumes", index],
      message: `${JSON.stringify(place)} is already the place of volumes[${first}].`,
      params: { remedy: "Give each volume a path of its own in the container." },
    });
  }
}
