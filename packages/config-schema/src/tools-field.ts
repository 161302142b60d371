import * as z from "zod";

const patterns = z.array(z.string().min(1, { error: "is empty." })).max(1_000);

const toolsObject = z.strictObject({
  allow: patterns.optional().describe('Only these tools are shown and can be called; "*" stands for any text.'),
  deny: patterns.optional().describe('These tools are hidden and cannot be called, whatever "allow" says.'),
});

export const toolsKeys: readonly string[] = Object.keys(toolsObject.shape);

/** Which tools of a server clients may see and call. */
export const toolsField = toolsObject.describe("Which of the server's tools clients see and can call, by name.");
