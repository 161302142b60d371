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
export const groupFields = ["server", "verdict", "state", "image", "exitCode"] as const satisfies readonly GroupField[];

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

/** All groups that have runs: some hundreds, however long the history is. */
export async function loadRunGroups(prisma: PrismaClient): Promise<readonly RunGroup[]> {
  const rows = await prisma.$queryRaw(Prisma.sql`
    SELECT "id", "server", "verdictKind", "state", "image", "exitCode" FROM "RunGroup"
    WHERE EXISTS (SELECT 1 FROM "RunTally" WHERE "groupId" = "RunGroup"."id")`);
  return groupsSchema.parse(rows);
}

export function hasGroupFilter(filter: RunFilter): boolean {
  return groupFields.some((field) => filter[field] !== undefined);
}

/** Tells of a group whether a field of the filter lets it through; made once per filter. */
export function groupTests(filter: RunFilter): ReadonlyMap<GroupField, (group: RunGroup) => boolean> {
  const tests = groupFields.flatMap((field): [GroupField, (group: RunGroup) => boolean][] => {
    const wanted = filter[field];
    if (wanted === undefined) return [];
    const values = new Set(asList<string | number>(wanted).map(String));
    return [[field, (group) => values.has(group[groupColumns[field]])]];
  });
  return new Map(tests);
}

export function matchingGroups(groups: readonly RunGroup[], filter: RunFilter): readonly RunGroup[] {
  const tests = [...groupTests(filter).values()];
  return groups.filter((group) => tests.every((test) => test(group)));
}

/** Groups all of whose runs match the text, because server or image do. */
export function groupsWithText(groups: readonly RunGroup[], text: string): readonly RunGroup[] {
  const wanted = text.toLowerCase();
  return groups.filter(({ server, image }) =>
    [server, image].some((value) => value.toLowerCase().includes(wanted)),
  );
}

function asList<Value extends string | number>(value: OneOrMore<Value>): readonly Value[] {
  return typeof value === "object" ? value : [value];
}
