import { describe, expect, test } from "vitest";
import { scanMessage } from "../bridge/scan-message.ts";
import { findByPublicName, findByUri } from "./find-offer.ts";
import type { Member, Members } from "./member.ts";
import { listResult, offersOf } from "./offered-lists.ts";
import { routeRequest } from "./route-request.ts";
import type { ListItem, ServerLists } from "./server-lists.ts";

const items = (...texts: string[]): readonly ListItem[] =>
  texts.map((text) => {
    const { name, uri, uriTemplate } = JSON.parse(text);
    return { key: uri ?? uriTemplate ?? name, text };
  });

function member(name: string, lists: Partial<ServerLists>, hidden: readonly string[] = []): Member {
  const all = { tools: [], prompts: [], resources: [], resourceTemplates: [], ...lists };
  return {
    name,
    endpoint: {
      name,
      isRetired: false,
      connect() {
        throw new Error("not connected to here");
      },
    },
    lists: () => all,
    allowsTool: (tool) => !hidden.includes(tool),
    connectionReady: () => undefined,
  };
}

function membersOf(...members: Member[]): Members {
  return { all: () => members };
}

describe("what all servers offer together", () => {
  test("keeps each tool as its server wrote it, but for the name", () => {
    const members = membersOf(
      member("a", { tools: items(`{ "inputSchema":{"name":1e400}, "name" : "t", "x":[{"name":"t"}]}`) }),
    );
    expect(listResult(members, "tools")).toBe(
      `{"tools":[{ "inputSchema":{"name":1e400}, "name" : "a__t", "x":[{"name":"t"}]}]}`,
    );
  });

  test("has the same tool name of two servers twice, and the same URI once, from the first", () => {
    const lists = (text: string) => ({
      tools: items(`{"name":"same"}`),
      resources: items(`{"uri":"x://1","name":"${text}"}`),
    });
    const members = membersOf(member("a", lists("of a")), member("b", lists("of b")));
    expect(offersOf(members, "tools").map(({ key }) => key)).toEqual(["a__same", "b__same"]);
    expect(listResult(members, "resources")).toBe(`{"resources":[{"uri":"x://1","name":"of a"}]}`);
    expect(findByUri(members, "x://1")?.name).toBe("a");
  });

  test("leaves hidden tools out", () => {
    const members = membersOf(member("a", { tools: items(`{"name":"t"}`, `{"name":"u"}`) }, ["u"]));
    expect(offersOf(members, "tools").map(({ key }) => key)).toEqual(["a__t"]);
  });
});

describe("whose a URI is", () => {
  const members = membersOf(
    member("files", { resourceTemplates: items(`{"uriTemplate":"file:///{+path}.txt"}`) }),
    member("db", {
      resources: items(`{"uri":"db://main/users"}`),
      resourceTemplates: items(`{"uriTemplate":"db://{base}/rows/{id}"}`),
    }),
    member("one", { resources: items(`{"uri":"note://shared/1"}`) }),
    member("two", { resources: items(`{"uri":"note://shared/2"}`) }),
  );
  test.each([
    ["file:///a/b.txt", "files"],
    ["db://main/users", "db"],
    ["db://other/rows/7", "db"],
    ["db://main/unlisted", "db"],
    ["file:///a/b.pdf", "files"],
    ["note://shared/3", undefined],
    ["http://nobody", undefined],
    ["nonsense", undefined],
  ])("%s belongs to %s", (uri, name) => {
    expect(findByUri(members, uri)?.name).toBe(name);
  });
});

describe("requests to all servers", () => {
  const long = "x".repeat(90);
  const members = membersOf(
    member("a", {
      tools: items(`{"name":"t"}`, `{"name":"${long}"}`, `{"name":"dots.in/it"}`),
      prompts: items(`{"name":"p q"}`),
    }),
    member("a__b", { tools: items(`{"name":"c"}`) }),
  );
  const route = (method: string, params: object) => {
    const message = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })));
    if (message.kind !== "request") throw new Error("a request");
    const found = routeRequest(members, message);
    return found.kind === "refused"
      ? found.error.message
      : { server: found.member.name, params: JSON.parse(found.message.bytes.toString()).params };
  };

  test("reach the server under its own name of the tool, however the public name was shortened", () => {
    for (const offer of offersOf(members, "tools")) {
      const found = findByPublicName(members, "tools", offer.key);
      expect(found?.member.name).toBe(offer.member.name);
      expect(offer.member.lists()?.tools.some(({ key }) => key === found?.name)).toBe(true);
    }
    expect(route("tools/call", { name: "a__t", arguments: { name: "a__t" } })).toEqual({
      server: "a",
      params: { name: "t", arguments: { name: "a__t" } },
    });
  });

  test("for a tool that was never listed go to its server, which knows best", () => {
    expect(route("tools/call", { name: "a__new" })).toEqual({ server: "a", params: { name: "new" } });
  });

  test("for completions of a prompt name it as its server does", () => {
    const name = offersOf(members, "prompts")[0]?.key;
    const asked = { ref: { type: "ref/prompt", name }, argument: { name: "x", value: "" } };
    expect(route("completion/complete", asked)).toEqual({
      server: "a",
      params: { ...asked, ref: { type: "ref/prompt", name: "p q" } },
    });
  });

  test("that nobody can answer are refused with a hint", () => {
    expect(route("tools/call", { name: "nobody__t" })).toMatch(/Unknown tool: nobody__t\..*servers: a, a__b/);
    expect(route("tools/call", { name: 3 })).toMatch(/"name" has to be a string/);
    expect(route("resources/read", { uri: "x://y" })).toMatch(/no server lists x:\/\/y/);
    expect(route("tasks/get", { taskId: "1" })).toMatch(/use \/mcp\/<server>/);
    expect(route("completion/complete", { ref: { type: "ref/none" } })).toMatch(/ref has to name/);
  });
});
