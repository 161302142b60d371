import { writeFileSync } from "node:fs";
import { createEditorSchema } from "../src/editor-schema.ts";

const target = new URL("../mcp_config.schema.json", import.meta.url);
writeFileSync(target, `${JSON.stringify(createEditorSchema(), null, 2)}\n`);
