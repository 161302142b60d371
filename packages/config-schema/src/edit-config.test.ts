import fc from "fast-check";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { configTextAt, configValueAt, editConfig, type ConfigEdit, type JsonValue } from "./edit-config.ts";

const commented = `{
  // servers of the team
  "listen": "127.0.0.1:8080", // loopback
  "mcpServers": [
    {
      "name": "memory",
      "command": "npx",
      "args": ["-y", "x"]
      // "isolation": { "memory_limit": "1g" }
    }, // the first
    /* room for more */
  ],
}
`;

function edit(text: string, ...edits: readonly ConfigEdit[]): string {
  const result = editConfig(text, edits);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

function problem(text: string, ...edits: readonly ConfigEdit[]): string {
  const result = editConfig(text, edits);
  return result.ok ? "no problem" : result.problem;
}

describe("set", () => {
  it("replaces only the bytes of the value", () => {
    const edited = edit(commented, { kind: "set", path: ["listen"], value: ":9000" });
    expect(edited).toBe(commented.replace('"127.0.0.1:8080"', '":9000"'));
  });

  it("adds a key after everything that stands in its object, in the style of the file", () => {
    const value = { memory_limit: "2g", volumes: ["/a:/b"], ulimits: { nofile: 5 } };
    const edited = edit(commented, { kind: "set", path: ["mcpServers", 0, "isolation"], value });
    expect(edited).toBe(
      commented
        .replace('["-y", "x"]', '["-y", "x"],')
        .replace(
          '"1g" }\n',
          '"1g" }\n      "isolation": {\n        "memory_limit": "2g",\n        "volumes": ["/a:/b"],\n        "ulimits": {\n          "nofile": 5\n        }\n      }\n',
        ),
    );
  });

  it("makes the objects that are missing on the way", () => {
    const edited = edit('{ "a": 1 }', { kind: "set", path: ["b", "c", "d"], value: true });
    expect(edited).toBe('{ "a": 1, "b": { "c": { "d": true } } }');
  });

  it("keeps a file on one line on one line, as dense as it was", () => {
    const edited = edit('{"mcpServers":{}}', { kind: "set", path: ["mcpServers", "a"], value: { command: "x" } });
    expect(edited).toBe('{"mcpServers":{"a":{"command":"x"}}}');
  });

  it("keeps tabs, CRLF, a byte order mark and a missing last newline", () => {
    const text = '\uFEFF{\r\n\t"mcpServers": {\r\n\t\t"a": {}\r\n\t}\r\n}';
    const edited = edit(text, { kind: "set", path: ["mcpServers", "b"], value: { command: "x" } });
    expect(edited).toBe(text.replace('"a": {}', '"a": {},\r\n\t\t"b": {\r\n\t\t\t"command": "x"\r\n\t\t}'));
  });

  it("takes an empty file as an empty object", () => {
    expect(edit(" \n", { kind: "set", path: ["mcpServers"], value: {} })).toBe('{\n  "mcpServers": {}\n}\n');
  });

  it("puts a text in byte for byte", () => {
    const text = '{ "a": [1,2 , /* three */ 3] }';
    const valueText = configTextAt(text, ["a"]) ?? "";
    const edited = edit(text, { kind: "set", path: ["a"], value: 0 }, { kind: "set-text", path: ["a"], valueText });
    expect(edited).toBe(text);
  });
});

describe("insert", () => {
  it("adds to a list that ends in a comma and a comment", () => {
    const edited = edit(commented, { kind: "insert", path: ["mcpServers"], value: { name: "b" } });
    expect(edited).toBe(commented.replace("more */\n", 'more */\n    {\n      "name": "b"\n    },\n'));
  });

  it("adds before an item", () => {
    const edited = edit('{ "a": [2, 3] }', { kind: "insert", path: ["a"], index: 0, value: 1 });
    expect(edited).toBe('{ "a": [1, 2, 3] }');
  });

  it("never writes into a line comment", () => {
    const edited = edit("[1 // one\n]", { kind: "insert", path: [], value: 2 });
    expect(edited).toBe("[1, // one\n2\n]");
  });
});

describe("remove", () => {
  it("keeps the comments before and after", () => {
    const edited = edit(commented, { kind: "remove", path: ["mcpServers", 0] });
    expect(edited).toContain("// the first\n    /* room for more */\n");
    expect(configValueAt(edited, ["mcpServers"])).toEqual([]);
  });

  it("does not let a comment swallow what follows", () => {
    const edited = edit('{ // first\n"a": 1, "b": 2 }', { kind: "remove", path: ["a"] });
    expect(configValueAt(edited, [])).toEqual({ b: 2 });
    expect(edited).toContain("// first\n");
  });
});

describe("refusals", () => {
  it.each([
    ['{ "a": }', "Line 1, column 8: A value is missing here."],
    ['{ "mcpServers": 1 }', "mcpServers is not an object."],
    ['{ "mcpServers": {}, "mcpServers": {} }', '"mcpServers" is given twice in the file.'],
    ["[]", "the file is not an object."],
  ])("%s", (text, expected) => {
    expect(problem(text, { kind: "set", path: ["mcpServers", "a"], value: 1 })).toBe(expected);
  });

  it("names what is not there", () => {
    expect(problem("{}", { kind: "remove", path: ["mcpServers", "a"] })).toBe("mcpServers.a is not in the file.");
    expect(problem('{"a":[]}', { kind: "insert", path: ["a"], index: 2, value: 1 })).toBe("a[2] is not in the file.");
  });
});

const key = fc.constantFrom("a", "b", "c d", "ü", '"');
const { tree: value } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom("", "x // y", "/* z */", 'q"\n'), fc.constant(null)),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const trivia = fc.array(
  fc.constantFrom("", " ", "\n", "\n  ", "\r\n\t", "//#\n", "/*#*/", " // #\n  ", "\n/* # */\n"),
  {
    minLength: 12,
    maxLength: 40,
  },
);

/** Writes a value with comments and white space from the list between all tokens, each comment with a number. */
function render(root: JsonValue, gaps: readonly string[]): string {
  let next = 0;
  const gap = (): string => {
    next += 1;
    return (gaps[next % gaps.length] ?? "").replace("#", `note ${next}`);
  };
  const list = (items: readonly string[]): string =>
    items.map((item) => `${gap()}${item}${gap()}`).join(",") +
    (items.length > 0 && next % 2 === 0 ? `,${gap()}` : gap());
  const print = (item: JsonValue): string => {
    if (typeof item !== "object" || item === null) return JSON.stringify(item);
    if (Array.isArray(item)) return `[${list(item.map(print))}]`;
    const entries = Object.entries(item).map(
      ([name, inner]) => `${JSON.stringify(name)}${gap()}:${gap()}${print(inner ?? null)}`,
    );
    return `{${list(entries)}}`;
  };
  return `${gap()}${print(root)}${gap()}`;
}

function notesOf(text: string): readonly string[] {
  return [...text.matchAll(/note \d+/g)].map(([note]) => note);
}

function pathsOf(tree: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof tree !== "object" || tree === null) return [path];
  const parts = Array.isArray(tree) ? [...tree.keys()] : Object.keys(tree);
  return [path, ...parts.flatMap((part) => pathsOf(Reflect.get(tree, part), [...path, part]))];
}

describe("laws", () => {
  const documents = fc
    .tuple(fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }), trivia)
    .map(([tree, gaps]) => ({ tree, text: render(tree, gaps) }));

  it("setting a value changes that value and keeps every comment outside of it", () => {
    fc.assert(
      fc.property(documents, value, fc.nat(), ({ tree, text }, wanted, choice) => {
        const paths = pathsOf(tree);
        const path = paths[choice % paths.length] ?? [];
        const lost = new Set(notesOf(configTextAt(text, path) ?? ""));
        const edited = edit(text, { kind: "set", path, value: wanted });
        expect(configValueAt(edited, path)).toEqual(wanted);
        expect(notesOf(edited)).toEqual(notesOf(text).filter((note) => !lost.has(note)));
        const back = edit(edited, { kind: "set-text", path, valueText: configTextAt(text, path) ?? "" });
        expect(back).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("adding keeps every byte but a comma, and removing it again gives the value from before with every comment", () => {
    fc.assert(
      fc.property(documents, value, fc.nat(), ({ tree, text }, wanted, choice) => {
        const paths = pathsOf(tree).filter((path) => typeof configValueAt(text, path) === "object");
        const containers = paths.filter((path) => configValueAt(text, path) !== null);
        const path = containers[choice % containers.length] ?? [];
        const before = configValueAt(text, path);
        const isList = Array.isArray(before);
        const added = isList
          ? edit(text, { kind: "insert", path, value: wanted })
          : edit(text, { kind: "set", path: [...path, "new"], value: wanted });
        const addedPath = [...path, isList ? before.length : "new"];
        expect(configValueAt(added, addedPath)).toEqual(wanted);
        expect(notesOf(added)).toEqual(notesOf(text));
        const removed = edit(added, { kind: "remove", path: addedPath });
        expect(configValueAt(removed, [])).toEqual(tree);
        expect(notesOf(removed)).toEqual(notesOf(text));
        const wasEmpty = Object.keys(before ?? {}).length === 0;
        expect(wasEmpty || removed === text).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("removing takes out one value and keeps every comment outside of it", () => {
    fc.assert(
      fc.property(documents, fc.nat(), ({ tree, text }, choice) => {
        const paths = pathsOf(tree).filter((path) => path.length > 0);
        const path = paths[choice % paths.length];
        if (path === undefined) return;
        const edited = edit(text, { kind: "remove", path });
        const expected = structuredClone(tree);
        const holder: unknown = path
          .slice(0, -1)
          .reduce<unknown>((inner, part) => Reflect.get(Object(inner), part), expected);
        const last = path.at(-1);
        if (Array.isArray(holder)) holder.splice(Number(last), 1);
        else Reflect.deleteProperty(Object(holder), last ?? "");
        expect(configValueAt(edited, [])).toEqual(expected);
        const gone = new Set(notesOf(itemText(text, path)));
        expect(notesOf(edited)).toEqual(notesOf(text).filter((note) => !gone.has(note)));
      }),
      { numRuns: 500 },
    );
  });
});

/** The text of an item; that of a property begins with its key. */
function itemText(text: string, path: readonly (string | number)[]): string {
  const node = findNodeAtLocation(
    parseTree(text, [], { allowTrailingComma: true }) ?? { type: "null", offset: 0, length: 0 },
    [...path],
  );
  const item = node?.parent?.type === "property" ? node.parent : node;
  return item === undefined ? "" : text.slice(item.offset, item.offset + item.length);
}
