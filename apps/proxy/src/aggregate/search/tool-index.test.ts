import { describe, expect, test } from "vitest";
import type { Member } from "../member.ts";
import type { Offer } from "../offered-lists.ts";
import { ToolIndex } from "./tool-index.ts";

const member: Member = {
  name: "s",
  endpoint: { name: "s", isRetired: false, connect: () => never() },
  lists: () => undefined,
  allowsTool: () => true,
  connectionReady: () => undefined,
};

function never(): never {
  throw new Error("not connected to here");
}

function offer(key: string, tool: object): Offer {
  return { member, key, text: JSON.stringify({ name: key, inputSchema: { type: "object" }, ...tool }) };
}

/** As many as a client with many servers has, all alike but for their words. */
function fiveHundred(): readonly Offer[] {
  const verbs = ["create", "delete", "list", "update", "search", "export", "copy", "move", "rename", "archive"];
  const things = "issue label branch comment page invoice customer calendar event message channel file folder".split(
    " ",
  );
  const services = ["github", "jira", "slack", "drive"];
  return services.flatMap((service) =>
    things.flatMap((thing) =>
      verbs.map((verb) =>
        offer(`${service}__${verb}_${thing}`, {
          description: `${verb} a ${thing} in ${service}`,
          inputSchema: { type: "object", properties: { [`${thing}Id`]: { type: "string" } } },
        }),
      ),
    ),
  );
}

describe("the index of five hundred tools", () => {
  const index = new ToolIndex(fiveHundred());

  test.each([
    ["create an issue on github", "github__create_issue"],
    ["delete slack channels", "slack__delete_channel"],
    ["rename folder drive", "drive__rename_folder"],
    ["jira archive comment", "jira__archive_comment"],
  ])("finds what is meant by %j first", (query, name) => {
    expect(index.size).toBe(520);
    expect(index.find(query, 5)[0]?.name).toBe(name);
  });

  test("gives no more than asked for, the best first", () => {
    const found = index.find("github", 7);
    expect(found).toHaveLength(7);
    const scores = found.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  test("finds by the names of arguments", () => {
    const names = index.find("invoiceId", 10).map(({ name }) => name);
    expect(names.every((name) => name.includes("invoice"))).toBe(true);
    expect(names).not.toHaveLength(0);
  });
});

test("words run together, plurals and slips of the finger find the same tool", () => {
  const index = new ToolIndex([
    offer("a__getWeatherForecast", { description: "The weather of tomorrow." }),
    offer("b__read_file", { description: "Reads a file.", annotations: { readOnlyHint: true } }),
  ]);
  for (const query of ["forecasts", "wether forecast", "Weather", "weatherForecast"])
    expect(index.find(query, 1)[0]?.name, query).toBe("a__getWeatherForecast");
  expect(index.find("read", 1)[0]).toMatchObject({
    annotations: { readOnlyHint: true },
    inputSchema: { type: "object" },
  });
  expect(index.find("zebra", 5)).toEqual([]);
  expect(index.find("the of and", 5)).toEqual([]);
});
