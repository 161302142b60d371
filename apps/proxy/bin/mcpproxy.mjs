#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { findPinnedNode, runWith } from "./pinned-node.mjs";

const [major = 0] = process.versions.node.split(".").map(Number);
/** When a few servers have started, and when many have. */
const settleAfterMs = [5_000, 60_000];
const bundle = new URL("../dist/mcpproxy.mjs", import.meta.url);
const stdioRelay = new URL("../dist/stdio-relay.mjs", import.meta.url);

if (!existsSync(bundle)) fail("mcpproxy is not built yet. Run `npm start` in the project's folder.");
if (major >= 24) {
  // Compiling the bundle is a third of the start-up; Node keeps the result in its own cache folder.
  nodeModule.enableCompileCache?.();
  await relayAlone();
  // Start-up makes garbage that a grown young generation would keep resident for ever (6 MiB); under load it may grow.
  setFlagsFromString("--semi-space-growth-factor=1");
  for (const afterMs of settleAfterMs) setTimeout(settle, afterMs).unref();
  await import(bundle.href);
} else {
  const pinnedNode = findPinnedNode();
  if (pinnedNode === undefined)
    fail(
      `mcpproxy needs Node 24 or newer, this is ${process.version}. \`npm start\` in the project's folder brings it.`,
    );
  runWith(pinnedNode);
}

/** A client's `mcpproxy stdio` only passes bytes on: it needs none of the rest, and ends here. */
async function relayAlone() {
  if (process.argv[2] !== "stdio") return;
  const { relayFromCommandLine } = await import(stdioRelay.href);
  const exitCode = await relayFromCommandLine(process.argv);
  if (exitCode !== undefined) process.exit(exitCode);
}

/** Lets the young generation grow from now on, and gives back once what the start has left in the old one (3 MiB, 50 ms). */
function settle() {
  setFlagsFromString("--semi-space-growth-factor=2");
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")({ type: "major", execution: "sync", flavor: "last-resort" });
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}
