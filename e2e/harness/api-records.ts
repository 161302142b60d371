import { z } from "zod";

// Written independently of the product's own types: these are the documented fields that scripts rely on.

export const verdictSchema = z.object({
  kind: z.string(),
  confidence: z.enum(["certain", "likely", "unknown"]),
  summary: z.string().min(1),
  remedy: z.string().optional(),
  evidence: z.array(z.object({ source: z.string(), at: z.string().optional(), text: z.string() })),
});

export const runSchema = z.object({
  id: z.string(),
  server: z.string(),
  state: z.string(),
  verdict: verdictSchema.nullable(),
  isolation: z.enum(["docker", "none", "remote"]),
  containerId: z.string().nullable(),
  containerName: z.string().nullable(),
  image: z.string().nullable(),
  dockerRunArgs: z.array(z.string()).nullable(),
  startedAt: z.string(),
  readyAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  exitCode: z.number().nullable(),
  oomKilled: z.boolean(),
  peakMemoryBytes: z.number().nullable(),
  callsInFlight: z.array(z.object({ method: z.string(), tool: z.string().optional() })),
  stderrTail: z.array(z.string()),
});
export type Run = z.infer<typeof runSchema>;

const runEventSchema = z.object({ at: z.string(), kind: z.string(), message: z.string() });
export type RunEvent = z.infer<typeof runEventSchema>;

export const serverSchema = z.object({
  name: z.string(),
  enabled: z.boolean(),
  state: z.string(),
  problem: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  isolation: z.enum(["docker", "none", "remote", "refused"]),
  limits: z.object({ memoryBytes: z.number().nullable(), network: z.string().nullable() }),
  findings: z.array(z.object({ code: z.string(), severity: z.string(), message: z.string(), remedy: z.string() })),
  run: z
    .object({ id: z.string(), containerId: z.string().nullable(), containerName: z.string().nullable() })
    .nullable(),
  lastVerdict: z.object({ runId: z.string(), verdict: verdictSchema }).nullable(),
});
export type Server = z.infer<typeof serverSchema>;

const configIssueSchema = z.object({
  file: z.string(),
  path: z.string(),
  line: z.number(),
  column: z.number(),
  server: z.string().nullable(),
  message: z.string(),
  remedy: z.string().nullable(),
});
export type ConfigIssue = z.infer<typeof configIssueSchema>;

export const statusSchema = z.object({
  version: z.string(),
  instanceId: z.string(),
  configPath: z.string(),
  configIssues: z.array(configIssueSchema),
  engine: z.object({ state: z.enum(["available", "unavailable"]) }),
});

export const serverListSchema = z.union([
  z.array(serverSchema),
  z.object({ servers: z.array(serverSchema) }).transform(({ servers }) => servers),
]);
export const runListSchema = z.union([
  z.array(runSchema),
  z.object({ runs: z.array(runSchema) }).transform(({ runs }) => runs),
]);

export const runEventListSchema = z.union([
  z.array(runEventSchema),
  z.object({ events: z.array(runEventSchema) }).transform(({ events }) => events),
]);

export const successSchema = z.object({ success: z.literal(true), data: z.unknown() });
export const failureSchema = z.object({
  success: z.literal(false),
  error: z.object({ code: z.string(), message: z.string() }),
  request_id: z.string(),
});

export const auditSchema = z.object({ entries: z.array(z.object({ action: z.string(), actor: z.string() })) });
