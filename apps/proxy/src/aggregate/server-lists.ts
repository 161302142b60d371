import { z } from "zod";

const itemSchema = z.object({ key: z.string(), text: z.string() });
const itemsSchema = z.array(itemSchema).readonly();

/** What a server offers, as it says it itself: each element as raw JSON, found by its name or URI. */
export const serverListsSchema = z.object({
  tools: itemsSchema,
  prompts: itemsSchema,
  resources: itemsSchema,
  resourceTemplates: itemsSchema,
  /** How a model should use the server, in its own words. */
  instructions: z.string().optional(),
});

export type ServerLists = Readonly<z.infer<typeof serverListsSchema>>;
export type ListItem = Readonly<z.infer<typeof itemSchema>>;

/** What clients are told that has changed. */
export const listKinds = ["tools", "prompts", "resources"] as const;
export type ListKind = (typeof listKinds)[number];

/** Which of the lists differ. */
export function changedLists(before: ServerLists | undefined, after: ServerLists | undefined): readonly ListKind[] {
  const textOf = (kind: ListKind, lists: ServerLists | undefined): string =>
    JSON.stringify(
      kind === "resources" ? [lists?.resources ?? [], lists?.resourceTemplates ?? []] : (lists?.[kind] ?? []),
    );
  return listKinds.filter((kind) => textOf(kind, before) !== textOf(kind, after));
}
