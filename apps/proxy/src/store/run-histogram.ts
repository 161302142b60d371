import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { groupTests, loadRunGroups } from "./run-group.ts";
import { allOf } from "./run-range.ts";
import { findRunSources, hasSourceFilter, ofAnySource, type RunSources } from "./run-sources.ts";
import type { HistogramBucket, RunFilter, RunHistogram, RunHistogramQuery } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Widths that people can read: whole parts of an hour or a day, then days. */
const widths = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * dayMs),
];

const countsSchema = z.array(z.object({ bucket: z.number(), groupId: z.number(), runs: z.number() }));
const oldestSchema = z.array(z.object({ startedAtMs: z.number().nullable() }));

/** How many runs began in each stretch of time, by verdict. Whole days come from the tallies, shorter stretches from an index. */
export async function countHistogram(prisma: PrismaClient, query: RunHistogramQuery): Promise<RunHistogram> {
  const { filter, now, maxBuckets } = query;
  const toMs = toStoredTime(filter.to ?? now).getTime();
  const oldestMs = await oldestStart(prisma);
  if (oldestMs === undefined) return { bucketMs: minuteMs, buckets: [] };
  // A history of some minutes would be one bar as wide as the chart.
  const fromMs = filter.from === undefined ? Math.min(oldestMs, toMs - hourMs) : toStoredTime(filter.from).getTime();
  if (fromMs >= toMs) return { bucketMs: minuteMs, buckets: [] };
  const bucketMs = widthOf(toMs - fromMs, maxBuckets);
  const counts = await readCounts(prisma, { filter, bucketMs });
  return { bucketMs, buckets: await sumByVerdict(prisma, { filter, counts, bucketMs, fromMs, toMs }) };
}

async function oldestStart(prisma: PrismaClient): Promise<number | undefined> {
  const [oldest] = oldestSchema.parse(
    await prisma.$queryRaw(Prisma.sql`SELECT CAST(min("startedAt") AS INTEGER) AS "startedAtMs" FROM "Run"`),
  );
  return oldest?.startedAtMs ?? undefined;
}

/** From here on days are fine enough, and they have tallies. */
const longSpanMs = 14 * dayMs;

/** Buckets stand on whole multiples since 1970, so that they keep their place while time goes on: one more may be needed. */
function widthOf(spanMs: number, maxBuckets: number): number {
  const narrowest = spanMs > longSpanMs ? dayMs : 0;
  const fitting = widths.find((width) => width >= narrowest && spanMs / width <= maxBuckets - 1);
  return fitting ?? Math.ceil(spanMs / (maxBuckets - 1) / dayMs) * dayMs;
}

interface GroupCount {
  readonly bucket: number;
  readonly groupId: number;
  readonly runs: number;
}

async function readCounts(
  prisma: PrismaClient,
  { filter, bucketMs }: { readonly filter: RunFilter; readonly bucketMs: number },
): Promise<readonly GroupCount[]> {
  const { text, from, to } = filter;
  const sources = hasSourceFilter({ text }) ? await findRunSources(prisma, { text }) : undefined;
  const ofText = sources === undefined ? [] : [ofAnySource(sources)];
  const counts: GroupCount[] = [];
  for (const stretch of stretchesOf({ from, to }, bucketMs)) {
    const statements =
      stretch.kind === "runs"
        ? [histogramRunsSql([...stretch.conditions, ...ofText], bucketMs)]
        : tallySql({ stretch, sources, days: bucketMs / dayMs });
    for (const sql of statements) counts.push(...countsSchema.parse(await prisma.$queryRaw(sql)));
  }
  return counts;
}

type Stretch =
  | { readonly kind: "days"; readonly conditions: readonly Prisma.Sql[] }
  | { readonly kind: "runs"; readonly conditions: readonly Prisma.Sql[] };

/** Whole days have tallies; what is left at both ends, or all of it when buckets are shorter than days, is counted in the index. */
function stretchesOf({ from, to }: Pick<RunFilter, "from" | "to">, bucketMs: number): readonly Stretch[] {
  const fromMs = from === undefined ? undefined : toStoredTime(from).getTime();
  const toMs = to === undefined ? undefined : toStoredTime(to).getTime();
  if (bucketMs % dayMs !== 0) return [{ kind: "runs", conditions: timesBetween(fromMs, toMs) }];
  const firstDay = fromMs === undefined ? undefined : Math.ceil(fromMs / dayMs);
  const endDay = toMs === undefined ? undefined : Math.floor(toMs / dayMs);
  if (firstDay !== undefined && endDay !== undefined && firstDay > endDay)
    return [{ kind: "runs", conditions: timesBetween(fromMs, toMs) }];
  return [
    { kind: "days", conditions: daysBetween(firstDay, endDay) },
    ...(firstDay === undefined ? [] : [{ kind: "runs", conditions: timesBetween(fromMs, firstDay * dayMs) } as const]),
    ...(endDay === undefined ? [] : [{ kind: "runs", conditions: timesBetween(endDay * dayMs, toMs) } as const]),
  ];
}

function timesBetween(fromMs: number | undefined, toMs: number | undefined): readonly Prisma.Sql[] {
  return [
    ...(fromMs === undefined ? [] : [Prisma.sql`"startedAt" >= ${fromMs}`]),
    ...(toMs === undefined ? [] : [Prisma.sql`"startedAt" < ${toMs}`]),
  ];
}

function daysBetween(firstDay: number | undefined, endDay: number | undefined): readonly Prisma.Sql[] {
  return [
    ...(firstDay === undefined ? [] : [Prisma.sql`"day" >= ${firstDay}`]),
    ...(endDay === undefined ? [] : [Prisma.sql`"day" < ${endDay}`]),
  ];
}

/** Reads the index of the list only. */
export function histogramRunsSql(conditions: readonly Prisma.Sql[], bucketMs: number): Prisma.Sql {
  return Prisma.sql`
    SELECT CAST("startedAt" AS INTEGER) / CAST(${bucketMs} AS INTEGER) AS "bucket",
      CAST("groupId" AS INTEGER) AS "groupId", CAST(count(*) AS INTEGER) AS "runs"
    FROM "Run" WHERE ${allOf(conditions)} GROUP BY 1, 2`;
}

interface TallyRequest {
  readonly stretch: Stretch;
  readonly sources: RunSources | undefined;
  /** In a bucket. */
  readonly days: number;
}

function tallySql({ stretch, sources, days }: TallyRequest): readonly Prisma.Sql[] {
  const bucket = Prisma.sql`"day" / CAST(${days} AS INTEGER) AS "bucket"`;
  const ofGroups = (conditions: readonly Prisma.Sql[]): Prisma.Sql => Prisma.sql`
    SELECT ${bucket}, "groupId", CAST(sum("runs") AS INTEGER) AS "runs"
    FROM "RunTally" WHERE ${allOf(conditions)} GROUP BY 1, 2`;
  if (sources === undefined) return [ofGroups(stretch.conditions)];
  const { groups, summaries } = sources;
  return [
    ofGroups([
      ...stretch.conditions,
      Prisma.sql`"groupId" IN (SELECT "value" FROM json_each(${JSON.stringify(groups)}))`,
    ]),
    Prisma.sql`
      SELECT ${bucket}, "groupId", CAST(sum("runs") AS INTEGER) AS "runs"
      FROM json_each(${JSON.stringify(summaries)}) CROSS JOIN "RunSummary" ON "RunSummary"."id" = "value"
      CROSS JOIN "RunSummaryTally" ON "summaryId" = "RunSummary"."id"
      WHERE ${allOf(stretch.conditions)} GROUP BY 1, 2`,
  ];
}

interface SumRequest {
  readonly filter: RunFilter;
  readonly counts: readonly GroupCount[];
  readonly bucketMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Every bucket of the time, also those without runs. */
async function sumByVerdict(prisma: PrismaClient, request: SumRequest): Promise<readonly HistogramBucket[]> {
  const { filter, counts, bucketMs, fromMs, toMs } = request;
  const tests = [...groupTests(filter).values()];
  const groups = (await loadRunGroups(prisma)).filter((group) => tests.every((test) => test(group)));
  const verdicts = new Map(groups.map(({ id, verdictKind }) => [id, verdictKind]));
  const first = Math.floor(fromMs / bucketMs);
  const sums = Array.from({ length: Math.ceil(toMs / bucketMs) - first }, () => new Map<string, number>());
  for (const { bucket, groupId, runs } of counts) {
    const verdict = verdicts.get(groupId);
    const sum = sums[bucket - first];
    if (verdict !== undefined) sum?.set(verdict, (sum.get(verdict) ?? 0) + runs);
  }
  return sums.map((sum, index) => ({
    at: new Date((first + index) * bucketMs).toISOString(),
    verdicts: [...sum].map(([value, runs]) => ({ value, runs })),
  }));
}
