import { readFileSync, writeFileSync } from "node:fs";
import { drawServerStates } from "../src/supervision/draw-server-states.ts";

const page = new URL("../../../docs/supervision.md", import.meta.url);
const text = readFileSync(page, "utf8");
writeFileSync(
  page,
  text.replace(/```mermaid\n[^]*?```/, () => `\`\`\`mermaid\n${drawServerStates()}\`\`\``),
);
