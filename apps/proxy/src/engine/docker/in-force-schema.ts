import { z } from "zod";

const names = z.array(z.string()).nullish();

/** The part of GET /containers/ID/json (Engine API 1.41) that tells how a container is isolated. */
export const containerSchema = z.object({
  Config: z.object({ User: z.string().default("") }),
  HostConfig: z.object({
    Memory: z.number(),
    MemorySwap: z.number(),
    NanoCpus: z.number().default(0),
    CpuQuota: z.number().default(0),
    CpuPeriod: z.number().default(0),
    PidsLimit: z.number().nullish(),
    OomKillDisable: z.boolean().nullish(),
    Privileged: z.boolean(),
    CapDrop: names,
    CapAdd: names,
    SecurityOpt: names,
    MaskedPaths: names,
    ReadonlyRootfs: z.boolean(),
    Runtime: z.string().default(""),
    NetworkMode: z.string(),
    PublishAllPorts: z.boolean().default(false),
    PortBindings: z.record(z.string(), z.unknown()).nullish(),
    PidMode: z.string().default(""),
    IpcMode: z.string().default(""),
    UTSMode: z.string().default(""),
    UsernsMode: z.string().default(""),
    Devices: z.array(z.object({ PathOnHost: z.string() })).nullish(),
    DeviceCgroupRules: names,
    DeviceRequests: z.array(z.object({ Driver: z.string().default("") })).nullish(),
    Init: z.boolean().nullish(),
    RestartPolicy: z.object({ Name: z.string() }).default({ Name: "no" }),
  }),
  Mounts: z
    .array(
      z.object({
        Type: z.string(),
        Name: z.string().optional(),
        Source: z.string().default(""),
        Destination: z.string(),
        RW: z.boolean(),
      }),
    )
    .default([]),
});
export type ContainerFacts = z.infer<typeof containerSchema>;
