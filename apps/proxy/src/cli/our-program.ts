import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { ParsedConfig } from "@mcpproxy/config-schema/parse-config";
import { resolveListenAddress } from "../app/listen-address.ts";
import type { OurProgram } from "../clients/our-entry.ts";
import { resolvePaths, type Paths } from "../paths.ts";
import type { CommandContext } from "./command-context.ts";

/** This installation, as other programs start it and reach it. */
export function ourProgram(
  config: ParsedConfig,
  { paths, context }: { readonly paths: Paths; readonly context: CommandContext },
): OurProgram {
  const [, script = ""] = process.argv;
  return {
    listen: resolveListenAddress(undefined, context.environment, config),
    nodePath: process.execPath,
    // A link in a folder of PATH may be gone with the next Node; the file itself stays.
    scriptPath: realpathSync(script),
    pathArguments: pathArguments(paths, context),
  };
}

/** Options for the places that are not the usual ones. */
function pathArguments(paths: Paths, { environment, platform }: CommandContext): readonly string[] {
  const usual = resolvePaths(
    {},
    { ...environment, configPath: undefined, dataDirectory: undefined, logDirectory: undefined },
    platform,
  );
  const options = [
    { name: "--config", path: paths.config, usualPath: usual.config },
    { name: "--data-dir", path: paths.dataDirectory, usualPath: usual.dataDirectory },
    { name: "--log-dir", path: paths.logDirectory, usualPath: usual.logDirectory },
  ];
  return options.flatMap(({ name, path, usualPath }) =>
    resolve(path) === resolve(usualPath) ? [] : [name, resolve(path)],
  );
}
