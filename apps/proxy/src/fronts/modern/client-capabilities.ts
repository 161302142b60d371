import type { ClientCapabilities } from "../../bridge/session.ts";
import { isObject } from "./read-envelope.ts";

type Declared = Readonly<Record<string, unknown>>;

/** Requests on which a server may ask its client; https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#supported-requests */
const askingMethods: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

/** What a server may ask in the course of this request. */
export function capabilitiesFor(method: string, declared: Declared): ClientCapabilities {
  const mayAsk = askingMethods.has(method);
  return {
    sampling: mayAsk && isObject(declared["sampling"]),
    elicitation: mayAsk && isObject(declared["elicitation"]),
    roots: mayAsk && isObject(declared["roots"]),
  };
}

/** What a request of a server needs that the client did not declare, as a capabilities object; undefined when nothing is missing. */
export function missingCapability(
  { method, params }: { readonly method: string; readonly params: Declared },
  declared: Declared,
): Declared | undefined {
  const sampling = declared["sampling"];
  const elicitation = declared["elicitation"];
  switch (method) {
    case "roots/list":
      return isObject(declared["roots"]) ? undefined : { roots: {} };
    case "sampling/createMessage": {
      if (!isObject(sampling)) return { sampling: {} };
      return params["tools"] !== undefined && !isObject(sampling["tools"]) ? { sampling: { tools: {} } } : undefined;
    }
    case "elicitation/create": {
      if (params["mode"] === "url")
        return isObject(elicitation) && isObject(elicitation["url"]) ? undefined : { elicitation: { url: {} } };
      // An empty object means forms, as in the first revision with elicitation.
      const takesForms = isObject(elicitation) && (isObject(elicitation["form"]) || !isObject(elicitation["url"]));
      return takesForms ? undefined : { elicitation: { form: {} } };
    }
    default:
      return undefined;
  }
}
