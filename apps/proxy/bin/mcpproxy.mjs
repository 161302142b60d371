#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const [major = 0] = process.versions.node.split(".").map(Number);
const bundle = new URL("../dist/mcpproxy.mjs", import.meta.url);

if (major < 24) {
  process.stderr.write(
    `mcpproxy needs Node 24 or newer, this is ${process.version}. \`npm start\` in the project's folder brings it.\n`,
  );
  process.exit(2);
}
if (!existsSync(bundle)) {
  process.stderr.write("mcpproxy is not built yet. Run `npm start` in the project's folder.\n");
  process.exit(2);
}
// Compiling the bundle is a third of the start-up; Node keeps the result in its own cache folder.
nodeModule.enableCompileCache?.();
await import(bundle.href);
