import type { DoctorReport } from "@mcpproxy/core/doctor/doctor-report";
import { z } from "zod";

const fixSchema = z.object({
  reason: z.string(),
  change: z.object({
    key: z.string(),
    operation: z.enum(["set", "append"]),
    value: z.union([z.string(), z.number(), z.boolean()]),
  }),
});

/** The service's report on one server. */
export const doctorReportSchema: z.ZodType<DoctorReport> = z.object({
  server: z.string(),
  isHealthy: z.boolean(),
  steps: z.array(
    z.object({
      step: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6), z.literal(7)]),
      title: z.string(),
      status: z.enum(["ok", "warning", "problem", "skipped"]),
      found: z.string(),
      remedy: z.string().nullable(),
      lines: z.array(z.string()),
    }),
  ),
  fixes: z.array(fixSchema),
});

/** The service's report on everything, as far as the command shows it. */
export const wholeReportSchema = z.object({
  engine: z.object({
    endpoint: z.string(),
    version: z.string().nullable(),
    problem: z.object({ message: z.string(), remedy: z.string() }).nullable(),
  }),
  contexts: z.array(
    z.object({
      name: z.string(),
      endpoint: z.string().nullable(),
      isUsed: z.boolean(),
      reason: z.string().nullable(),
      state: z.string(),
    }),
  ),
  servers: z.array(doctorReportSchema),
});
export type ContextWords = z.infer<typeof wholeReportSchema>["contexts"][number];
export type EngineWords = z.infer<typeof wholeReportSchema>["engine"];

/** What a server has come to after a change. */
export const serverAnswerSchema = z.object({
  name: z.string(),
  state: z.string(),
  problem: z.object({ message: z.string(), remedy: z.string() }).nullable(),
  lastVerdict: z.object({ verdict: z.object({ summary: z.string() }) }).nullable(),
});
export type ServerAnswer = z.infer<typeof serverAnswerSchema>;
