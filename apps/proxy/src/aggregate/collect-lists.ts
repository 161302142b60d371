import { z } from "zod";
import type { ClientSide } from "../bridge/client-side.ts";
import { readListResult, type ListKey } from "../bridge/list-elements.ts";
import { spanText } from "../bridge/scan-message.ts";
import { createOwnSession } from "../bridge/session.ts";
import type { Handshake } from "../runs/handshake.ts";
import { askServer } from "./ask-server.ts";
import type { ListItem, ServerLists } from "./server-lists.ts";

/** A list that never ends must not fill the memory; what is beyond is not shown. */
const pagesMax = 100;
const itemsMax = 10_000;
const listBytesMax = 8 * 1024 * 1024;
const instructionsLengthMax = 2_000;
const pageTimeoutMs = 30_000;

const capabilitiesSchema = z.object({
  tools: z.unknown().optional(),
  prompts: z.unknown().optional(),
  resources: z.unknown().optional(),
});

const methods = {
  tools: "tools/list",
  prompts: "prompts/list",
  resources: "resources/list",
  resourceTemplates: "resources/templates/list",
} as const;

/** Asks a server that is ready for all pages of all it offers; undefined when it does not tell. */
export async function collectLists(bridge: ClientSide, handshake: Handshake): Promise<ServerLists | undefined> {
  const { tools, prompts, resources } = capabilitiesSchema.safeParse(handshake.result["capabilities"]).data ?? {};
  const collect = (list: ListKey, capability: unknown): Promise<readonly ListItem[] | undefined> =>
    capability === undefined ? Promise.resolve([]) : collectList(bridge, list);
  const lists = {
    tools: await collect("tools", tools),
    prompts: await collect("prompts", prompts),
    resources: await collect("resources", resources),
    // Many servers with resources know no templates and say so with an error.
    resourceTemplates: (await collect("resourceTemplates", resources)) ?? [],
  };
  if (lists.tools === undefined || lists.prompts === undefined || lists.resources === undefined) return undefined;
  const { instructions } = handshake.result;
  const { tools: allTools, prompts: allPrompts, resources: allResources, resourceTemplates } = lists;
  return {
    tools: allTools,
    prompts: allPrompts,
    resources: allResources,
    resourceTemplates,
    ...(typeof instructions === "string" ? { instructions: instructions.slice(0, instructionsLengthMax) } : {}),
  };
}

async function collectList(bridge: ClientSide, list: ListKey): Promise<readonly ListItem[] | undefined> {
  const session = createOwnSession("mcpproxy-lists");
  const items: ListItem[] = [];
  let sizeBytes = 0;
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await askServer({ bridge, session, method: methods[list], params, timeoutMs: pageTimeoutMs });
    const found = answer && readListResult(answer.bytes, list);
    if (answer === undefined || found === undefined) return undefined;
    for (const { key, span } of found.elements) {
      sizeBytes += span.end - span.start;
      if (items.length >= itemsMax || sizeBytes > listBytesMax) return items;
      items.push({ key, text: spanText(answer.bytes, span) });
    }
    if (found.nextCursor === undefined || found.nextCursor === cursor) return items;
    cursor = found.nextCursor;
  }
  return items;
}
