import MiniSearch from "minisearch";
import { z } from "zod";
import type { Offer } from "../offered-lists.ts";

/** A tool as search results show it: enough to call it. */
export interface FoundTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: unknown;
  readonly annotations?: unknown;
  readonly score: number;
}

const toolSchema = z.looseObject({
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }).optional(),
  annotations: z.unknown().optional(),
});
type Tool = z.infer<typeof toolSchema>;

const descriptionLengthMax = 4_000;
const fields = ["name", "title", "description", "arguments"];
/** Words that say nothing about a tool. */
const stopWords = new Set("a an and are as at be by for from in is it of on or that the this to was with".split(" "));

/** Finds tools by words: BM25 over names, titles, descriptions and the names of arguments. */
export class ToolIndex {
  private readonly index = new MiniSearch<{ id: string }>({
    fields,
    tokenize: wordsOf,
    processTerm: (term) => (stopWords.has(term) ? null : term),
    searchOptions: {
      boost: { name: 3, title: 2, arguments: 0.7 },
      prefix: (term) => term.length > 3,
      fuzzy: fuzzinessOf,
    },
  });
  private readonly tools = new Map<string, Tool>();

  constructor(offers: readonly Offer[]) {
    this.index.addAll(offers.map((offer) => this.documentOf(offer)));
  }

  get size(): number {
    return this.tools.size;
  }

  /** The best first. */
  find(query: string, limit: number): readonly FoundTool[] {
    return this.index
      .search(query)
      .slice(0, limit)
      .map(({ id, score }) => found(String(id), this.tools.get(String(id)) ?? {}, score));
  }

  private documentOf({ key, text }: Offer) {
    const tool = toolSchema.safeParse(JSON.parse(text)).data ?? {};
    this.tools.set(key, tool);
    const { title = "", description = "", inputSchema } = tool;
    const argumentNames = Object.keys(inputSchema?.properties ?? {}).join(" ");
    return { id: key, name: key, title, description, arguments: argumentNames };
  }
}

function found(name: string, tool: Tool, score: number): FoundTool {
  const { title, description, inputSchema, annotations } = tool;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: description.slice(0, descriptionLengthMax) }),
    inputSchema: inputSchema ?? { type: "object" },
    ...(annotations === undefined ? {} : { annotations }),
    score: Math.round(score * 100) / 100,
  };
}

/** createIssue, create_issue and create-issue are the same two words. */
function wordsOf(text: string): string[] {
  const parts = text
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  return parts.map((word) => stemOf(word.toLowerCase()));
}

/** "issues" is to find "issue": the plural is the only ending that queries and names differ in often. */
function stemOf(word: string): string {
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function fuzzinessOf(term: string): number | false {
  return term.length > 5 ? 0.2 : false;
}
