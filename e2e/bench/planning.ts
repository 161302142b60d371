import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const script = join(import.meta.dirname, "../../packages/core/scripts/measure-planning.mjs");

/** Microseconds that the plan of one server takes, by kind of server; measured inside the package, in a process of its own. */
export async function measurePlanning(): Promise<Readonly<Record<string, number>>> {
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  return z.record(z.string(), z.number()).parse(JSON.parse(stdout));
}
