import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { repository } from "../harness/repository.ts";
import { percentile } from "./series.ts";

/** From the decision to start a container to the first byte of its output, in milliseconds. */
export interface FirstByte {
  readonly name: string;
  readonly medianMs: number;
  readonly lowestMs: number;
  readonly highestMs: number;
}

const program = join(repository.root, "apps/proxy/src/engine/testing/measure-first-byte.ts");
const answerSchema = z.array(z.object({ name: z.string(), times: z.array(z.number()).min(1) }));

/** The same container by `docker run -i` and by MCPProxy's engine, in turns, within one process of its own. */
export async function measureFirstBytes(): Promise<readonly FirstByte[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  return answerSchema.parse(JSON.parse(stdout)).map(({ name, times }) => {
    const sorted = times.toSorted((one, other) => one - other);
    return {
      name,
      medianMs: percentile(sorted, 50),
      lowestMs: percentile(sorted, 0),
      highestMs: percentile(sorted, 100),
    };
  });
}
