import type { z } from "zod";
import type { RunHistogram } from "../../store/store.ts";
import { toRunFilter, type runFilterSchema } from "../run-query.ts";
import type { ApiContext } from "./context.ts";

/** As many bars as a chart has room for. */
const maxBuckets = 80;

/** When the runs of a filter began, by verdict. */
export function countRunsOverTime(
  { store }: ApiContext,
  asked: z.infer<typeof runFilterSchema>,
): Promise<RunHistogram> {
  const nowMs = Date.now();
  const filter = toRunFilter(asked, nowMs);
  return store.runs.histogram({ filter, now: new Date(nowMs).toISOString(), maxBuckets });
}
