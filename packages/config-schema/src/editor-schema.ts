import * as z from "zod";
import { namedServerObject, serverEntryObject, settingsObject } from "./raw-config.ts";
import { namedRemoteObject, remoteEntryObject } from "./remote-server.ts";

const configFile = settingsObject.extend({
  mcpServers: z
    .union([
      z.array(z.union([namedServerObject, namedRemoteObject])),
      z.record(z.string(), z.union([serverEntryObject, remoteEntryObject])),
    ])
    .optional()
    .describe("A list of servers with names, or a map from name to server."),
});

/** The JSON Schema of the config file as people write it, for completion and checks in editors. */
export function createEditorSchema(): Readonly<Record<string, unknown>> {
  return { title: "MCPProxy configuration", ...z.toJSONSchema(configFile, { io: "input" }) };
}
