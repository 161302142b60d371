import type { IncomingMessage } from "node:http";
import type { DirectLaunch } from "@mcpproxy/core/plan/isolation-plan";

/** What a status above 399 means, and what to do; names headers and their references, never a value. */
export function describeRefusal(
  { statusCode = 0, statusMessage = "", headers }: IncomingMessage,
  launch: DirectLaunch,
): string {
  switch (statusCode) {
    case 401:
      return `the server refuses the credentials (HTTP 401): ${credentialsRemedy(launch)}${oauthWords(headers["www-authenticate"])}`;
    case 403:
      return `the server does not allow it (HTTP 403): ${credentialsRemedy(launch)}`;
    case 404:
      return "there is no MCP server at this url (HTTP 404): check the path of the url";
    case 405:
      return "the server does not take POST (HTTP 405): check the url; a server of the old transport needs type sse";
    case 429:
      return `the server has had too many requests (HTTP 429)${retryWords(headers["retry-after"])}`;
    default:
      return `the server answered HTTP ${statusCode}${statusMessage === "" ? "" : ` ${statusMessage.slice(0, 80)}`}`;
  }
}

function credentialsRemedy({ env, remote }: DirectLaunch): string {
  const names = env.map(({ name }) => {
    const references = remote?.headerReferences[name] ?? [];
    return references.length === 0 ? name : `${name} (${references.join(", ")})`;
  });
  if (names.length === 0) return 'give it some under headers, such as "Authorization": "Bearer ${env:NAME}"';
  return `check the ${names.length === 1 ? "header" : "headers"} ${names.join(", ")} of this server in the config`;
}

function oauthWords(challenge: string | undefined): string {
  return challenge?.includes("resource_metadata") === true
    ? "; it offers OAuth, which MCPProxy does not do: a token that you bring works as a header"
    : "";
}

function retryWords(retryAfter: string | undefined): string {
  return retryAfter === undefined || !/^[\w ,:]{1,40}$/.test(retryAfter) ? "" : `; try again after ${retryAfter} s`;
}
