import { metaKeys, modernVersion } from "../../bridge/envelope.ts";
import { resultResponse } from "../../bridge/rpc-error.ts";
import { spanText, type RequestMessage } from "../../bridge/scan-message.ts";
import type { Handshake } from "../../runs/handshake.ts";
import { isObject } from "./read-envelope.ts";

/** Capabilities that the modern era has too; https://modelcontextprotocol.io/specification/2026-07-28/schema#servercapabilities */
const modernCapabilities = ["experimental", "logging", "completions", "prompts", "resources", "tools", "extensions"];

/** Answers server/discover from the run's handshake, in whichever era that was. */
export function answerDiscover({ bytes, id }: RequestMessage, handshake: Handshake): Buffer {
  const result = { ...ofServer(handshake), resultType: "complete", supportedVersions: [modernVersion] };
  return resultResponse(spanText(bytes, id), JSON.stringify(result));
}

/** Raw JSON of the name and version that the server gave itself; undefined for a modern server, which says it with each result. */
export function serverInfoTextOf(handshake: Handshake): string | undefined {
  const known = serverInfoTexts.get(handshake);
  if (known !== undefined) return known;
  const text = JSON.stringify(handshake.result["serverInfo"]);
  serverInfoTexts.set(handshake, text);
  return text;
}

const serverInfoTexts = new WeakMap<Handshake, string>();

/** Changes of the config reach clients at once: nothing is promised to stay. */
const caching = { ttlMs: 0, cacheScope: "private" };

function ofServer({ discovered, result }: Handshake): object {
  if (discovered !== undefined) return { ...caching, ...discovered };
  const { capabilities, serverInfo, instructions } = result;
  const declared = isObject(capabilities) ? capabilities : {};
  return {
    ...caching,
    capabilities: Object.fromEntries(Object.entries(declared).filter(([name]) => modernCapabilities.includes(name))),
    ...(typeof instructions === "string" ? { instructions } : {}),
    _meta: { [metaKeys.serverInfo]: serverInfo },
  };
}
