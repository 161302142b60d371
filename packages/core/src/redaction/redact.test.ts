import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const secret = fc
  .string({ minLength: 4, maxLength: 24 })
  .filter((text) => text.trim().length >= 4 && !/^(true|false|null|none)$/i.test(text));

describe("createRedactor", () => {
  test("no secret survives, wherever it stands in a text and whatever stands beside it", () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 6 }),
        fc.array(fc.string(), { maxLength: 8 }),
        (secrets, pieces) => {
          const text = [...pieces, ...secrets]
            .flatMap((piece, at) => [piece, secrets[at % secrets.length] ?? ""])
            .join("");
          const redacted = createRedactor(secrets)(text);
          for (const value of secrets) expect(redacted).not.toContain(value);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("no secret made of few letters survives overlaps with another", () => {
    const few = fc.string({ unit: fc.constantFrom("a", "b", "*", "["), minLength: 4, maxLength: 7 });
    fc.assert(
      fc.property(
        fc.array(few, { minLength: 1, maxLength: 4 }),
        fc.string({ unit: fc.constantFrom("a", "b", "*", "[") }),
        (secrets, text) => {
          const redacted = createRedactor(secrets)(`${secrets.join("")}${text}`);
          for (const value of secrets) expect(redacted).not.toContain(value);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("a text without secrets stays as it is", () => {
    const redact = createRedactor(["s3cr3t-value"]);
    expect(redact("Listening on 127.0.0.1:8080")).toBe("Listening on 127.0.0.1:8080");
    expect(createRedactor([])("Basic usage: a Bearer of news")).toBe("Basic usage: a Bearer of news");
  });

  test("values shorter than 4 characters and common words are left alone", () => {
    expect(createRedactor(["", "1", "dev", "true"])("dev mode 1 is true")).toBe("dev mode 1 is true");
  });

  test("the longer of two secrets wins where both match", () => {
    expect(createRedactor(["abcd", "abcdefgh"])("x abcdefgh y")).toBe("x *** y");
  });

  test.each([
    ["inside JSON", 'pass"word\\1', JSON.stringify({ key: 'pass"word\\1' })],
    ["inside a URL", "p@ss word", `https://host/?key=${encodeURIComponent("p@ss word")}`],
    ["line by line", "first-line\nsecond-line", "read second-line from the key"],
  ])("finds a secret %s", (_where, value, text) => {
    expect(createRedactor([value])(text)).toContain("***");
    expect(createRedactor([value])(text)).not.toMatch(/pass|ss%20|second/);
  });

  test.each([
    "Authorization: Bearer abcDEF123.456-789",
    "sk-proj-abcdefghijklmnopqrstuv",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "https://host/api?apikey=0123456789abcdef",
    "postgres://user:hunter2hunter2@host/db",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123",
  ])("masks the well-known token shape in %s", (text) => {
    const redacted = createRedactor([])(text);
    expect(redacted).toContain("***");
    expect(redacted).not.toMatch(/abcdef|abcDEF|IOSFO|0123456789|hunter2|eyJ/);
  });
});
