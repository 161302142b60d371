import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { serverStates } from "../run/server-record.ts";
import { drawServerStates } from "./draw-server-states.ts";

const page = readFileSync(new URL("../../../../docs/supervision.md", import.meta.url), "utf8");

it("is the diagram of docs/supervision.md; `pnpm draw` in packages/core puts it there", () => {
  expect(page).toContain(`\`\`\`mermaid\n${drawServerStates()}\`\`\``);
});

it.each(serverStates)("has a line of explanation for %s", (state) => {
  expect(page).toMatch(new RegExp(`^\\| \`${state}\``, "m"));
});
