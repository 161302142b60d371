import { z } from "zod";
import type { LogLine } from "./format-log-line.ts";

const pinoLineSchema = z.object({
  level: z.number(),
  time: z.number(),
  msg: z.string().default(""),
  fields: z.record(z.string(), z.unknown()).default({}),
});
const levelNames = new Map([
  [20, "debug"],
  [30, "info"],
  [40, "warn"],
  [50, "error"],
]);

/** What pino wrote as JSON, as an object again. */
export function parsePinoLine(json: string): LogLine {
  const { level, time, msg, fields } = pinoLineSchema.parse(JSON.parse(json));
  return { at: new Date(time).toISOString(), level: levelNames.get(level) ?? String(level), message: msg, fields };
}
