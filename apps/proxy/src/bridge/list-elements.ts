import { JsonScanner, JsonSyntaxError, type Span } from "./json-scanner.ts";
import { replaceSpans } from "./replace-spans.ts";
import { spanString, spanText } from "./scan-message.ts";

export type ListKey = "tools" | "prompts" | "resources" | "resourceTemplates";

/** What tells the elements of a list apart. */
export const keyOfList = {
  tools: "name",
  prompts: "name",
  resources: "uri",
  resourceTemplates: "uriTemplate",
} as const;

/** One element of a list result, where it stands in the answer. */
export interface ListElement {
  readonly span: Span;
  /** The value of its key, and where that stands. */
  readonly key: string;
  readonly keySpan: Span;
}

export interface ListResult {
  readonly array: Span;
  readonly elements: readonly ListElement[];
  readonly nextCursor: string | undefined;
}

/** Finds the elements of a list in an answer, without touching a byte of them; undefined for an answer without the list. */
export function readListResult(bytes: Buffer, list: ListKey): ListResult | undefined {
  const elements: ListElement[] = [];
  let array: Span | undefined;
  let nextCursor: Span | undefined;
  const readResult = (key: string, at: JsonScanner): void => {
    if (key === "nextCursor") nextCursor = at.readValue(2);
    if (key === list)
      array = at.readElementsOrValue((inner) => {
        const element = readElement(inner, list);
        if (element !== undefined) elements.push(element);
      }, 2);
  };
  try {
    new JsonScanner(bytes).readDocument((key, at) => {
      if (key === "result") at.readObjectOrValue(readResult, 1);
    });
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
  return array && { array, elements, nextCursor: spanString(bytes, nextCursor) };
}

/** The answer with those elements only that pass. */
export function keepElements(bytes: Buffer, list: ListKey, isKept: (key: string) => boolean): Buffer {
  const found = readListResult(bytes, list);
  const kept = found?.elements.filter(({ key }) => isKept(key));
  if (found === undefined || kept === undefined || kept.length === found.elements.length) return bytes;
  return replaceSpans(bytes, [
    { span: found.array, text: `[${kept.map(({ span }) => spanText(bytes, span)).join(",")}]` },
  ]);
}

function readElement(at: JsonScanner, list: ListKey): ListElement | undefined {
  let keySpan: Span | undefined;
  const span = at.readObjectOrValue((key, inner) => {
    if (key === keyOfList[list]) keySpan = inner.readValue(4);
  }, 3);
  const key = spanString(at.bytes, keySpan);
  return key === undefined || keySpan === undefined ? undefined : { span, key, keySpan };
}
