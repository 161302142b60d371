import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import type { OneOrMore, RunFilter } from "./store.ts";

/** What runs have in common that people filter by; "" stands for none. */
export interface RunGroup {
  readonly id: number;
  readonly server: string;
  readonly verdictKind: string;
  readonly state: string;
  readonly image: string;
  readonly exitCode: string;
}

/** Fields of a filter that are decided by the group alone, and their columns. */
export const groupColumns = {
  server: "server",
  verdict: "verdictKind",
  state: "state",
  image: "image",
  exitCode: "exitCode",
} as const satisfies Partial<Record<keyof RunFilter, keyof RunGroup>>;

export type GroupField = keyof typeof groupColumns;
const groupFields = ["server", "verdict", "state", "image", "exitCode"] as const satisfies readonly GroupField[];

const groupsSchema: z.ZodType<readonly RunGroup[]> = z.array(
  z.object({
    id: z.number(),
    server: z.string(),
    verdictKind: z.string(),
    state: z.string(),
    image: z.string(),
    exitCode: z.string(),
  }),
);
const idsSchema = z.array(z.object({ id: z.number() }));

/** Groups without runs stay behind, for example of states that every run passes. */
export const hasRuns = Prisma.sql`EXISTS (SELECT 1 FROM "RunTally" WHERE "groupId" = "RunGroup"."id")`;

/** All groups that have runs: some hundreds, however long the history is. */
export async function loadRunGroups(prisma: PrismaClient): Promise<readonly RunGroup[]> {
  const rows = await prisma.$queryRaw(Prisma.sql`
    SELECT "id", "server", "verdictKind", "state", "image", "exitCode" FROM "RunGroup" WHERE ${hasRuns}`);
  return groupsSchema.parse(rows);
}

export function hasGroupFilter(filter: RunFilter): boolean {
  return groupFields.some((field) => filter[field] !== undefined);
}

/** Ids of the groups that a filter lets through, at most so many. */
export async function findGroupIds(
  prisma: PrismaClient,
  { filter, limit }: { readonly filter: RunFilter; readonly limit: number },
): Promise<readonly number[]> {
  const rows = await prisma.$queryRaw(Prisma.sql`
    SELECT "id" FROM "RunGroup" WHERE ${Prisma.join([...groupConditions(filter), hasRuns], " AND ")} LIMIT ${limit}`);
  return idsSchema.parse(rows).map(({ id }) => id);
}

/** Tells of a group whether a field of the filter lets it through; made once per filter. */
export function groupTests(filter: RunFilter): ReadonlyMap<GroupField, (group: RunGroup) => boolean> {
  const tests = groupFields.flatMap((field): [GroupField, (group: RunGroup) => boolean][] => {
    const values = wantedValues(filter[field]);
    return values === undefined ? [] : [[field, (group) => values.includes(group[groupColumns[field]])]];
  });
  return new Map(tests);
}

/** What a group must have so that a filter lets it through. */
export function groupConditions(filter: RunFilter): readonly Prisma.Sql[] {
  return groupFields.flatMap((field) => {
    const values = wantedValues(filter[field]);
    if (values === undefined) return [];
    const column = Prisma.raw(`"${groupColumns[field]}"`);
    // One parameter, however many values.
    return [Prisma.sql`${column} IN (SELECT "value" FROM json_each(${JSON.stringify(values)}))`];
  });
}

function wantedValues(wanted: OneOrMore<string | number> | undefined): readonly string[] | undefined {
  if (wanted === undefined) return undefined;
  return (typeof wanted === "object" ? wanted : [wanted]).map(String);
}
