import { expect, it } from "vitest";
import committed from "../mcp_config.schema.json" with { type: "json" };
import { createEditorSchema } from "./editor-schema.ts";

it("equals the committed file; run `pnpm generate` after a change of the schema", () => {
  expect(committed).toEqual(structuredClone(createEditorSchema()));
});
