import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { nameOf, revisions, serverEras, type Combination } from "./combination.ts";

const why = z.string().min(20);

const expectedProblemSchema = z.strictObject({
  /** `scenario:check`, as the report prints it. */
  problem: z.string().regex(/^[^:]+:[^:]+$/),
  why,
});

const expectationSchema = z
  .strictObject({
    server: z.enum(serverEras),
    through: z.array(z.enum(["direct", "shared", "session"])).min(1),
    client: z.enum(revisions),
    /** Fewer passed checks mean that the suite did not really run. */
    minimumPassed: z.number().int().positive(),
    expected: z.array(expectedProblemSchema),
    /** The combination cannot work yet, and is not run unless asked for. */
    blocked: why.optional(),
  })
  .readonly();

/** What a combination must reach, and which problems are known. */
export type Expectation = z.infer<typeof expectationSchema>;

const file = join(import.meta.dirname, "expected-failures.json");

/** Reads the file of expectations. */
export async function readExpectations(): Promise<(combination: Combination) => Expectation> {
  const list = z.array(expectationSchema).parse(JSON.parse(await readFile(file, "utf8")));
  return (combination) => {
    const { era, through, revision } = combination;
    const found = list.filter((one) => one.server === era && one.client === revision && one.through.includes(through));
    const [expectation] = found;
    if (expectation === undefined || found.length > 1) {
      throw new Error(`${file} has ${found.length} entries for ${nameOf(combination)}, and needs exactly one`);
    }
    return expectation;
  };
}
