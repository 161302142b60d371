import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publicName, serverPart, splitPublicName } from "./public-name.ts";

const serverName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

describe("public names", () => {
  test("are server__tool where that is clear", () => {
    expect(publicName("github", "create_issue")).toBe("github__create_issue");
    expect(publicName("my-server", "_private__x")).toBe("my-server___private__x");
  });

  test("end in a hash where clients would refuse the name", () => {
    expect(publicName("a", "files/read.text")).toMatch(/^a__files_read_text_[0-9a-f]{8}$/);
    expect(publicName("a", "x".repeat(80))).toMatch(/^a__x+_[0-9a-f]{8}$/);
    expect(publicName("io.github.some-very-long-name", "t")).toMatch(/^io-github-some-[0-9a-f]{8}__t$/);
  });

  test("differ for servers whose names only look the same", () => {
    const names = ["a_", "a", "a__b", "a_b", "a-b", "a.b"].map((server) => publicName(server, "c"));
    expect(new Set(names).size).toBe(names.length);
    expect(publicName("a", "_b")).not.toBe(publicName("a_", "b"));
    expect(publicName("a", "b__c")).not.toBe(publicName("a__b", "c"));
  });

  test("lead back to their server, are short enough and made of what clients accept", () => {
    fc.assert(
      fc.property(serverName, fc.string({ minLength: 1, maxLength: 200 }), (server, item) => {
        const name = publicName(server, item);
        expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(splitPublicName(name)?.serverPart).toBe(serverPart(server));
      }),
    );
  });

  test("differ for different tools", () => {
    const pair = fc.tuple(serverName, fc.string({ minLength: 1, maxLength: 90 }));
    fc.assert(
      fc.property(pair, pair, ([server, item], [otherServer, otherItem]) => {
        fc.pre(server !== otherServer || item !== otherItem);
        expect(publicName(server, item)).not.toBe(publicName(otherServer, otherItem));
      }),
    );
  });
});
