import { describe, expect, it } from "vitest";
import { findRule, parseAllowRule, parseTarget, type AllowRule } from "./allow-rule.ts";

function rulesOf(...texts: readonly string[]): readonly AllowRule[] {
  return texts.map((text) => {
    const parse = parseAllowRule(text);
    if (parse.state === "invalid") throw new Error(parse.problem);
    return parse.rule;
  });
}

function isAllowed(authority: string, ...texts: readonly string[]): boolean {
  const target = parseTarget(authority);
  return target !== undefined && findRule(rulesOf(...texts), target) !== undefined;
}

describe("allow_hosts", () => {
  it.each([
    ["registry.npmjs.org:443", "registry.npmjs.org"],
    ["REGISTRY.npmjs.ORG:443", "registry.npmjs.org"],
    ["registry.npmjs.org.:443", "registry.npmjs.org"],
    ["registry.npmjs.org:443", "Registry.NPMJS.org."],
    ["api.example.com:8443", "api.example.com:8443"],
    ["a.example.com:443", "*.example.com"],
    ["a.b.example.com:443", "*.example.com"],
    ["a.example.com:8443", "*.example.com:8443"],
    ["xn--mnchen-3ya.example:443", "münchen.example"],
    ["MÜNCHEN.example:443", "xn--mnchen-3ya.example"],
    ["192.0.2.7:443", "192.0.2.7"],
    ["[2001:DB8:0::1]:8443", "[2001:db8::1]:8443"],
    ["[2001:db8::1]:443", "2001:db8::1"],
  ])("lets %s through for %s", (authority, rule) => {
    expect(isAllowed(authority, rule)).toBe(true);
  });

  it.each([
    ["registry.npmjs.org:80", "registry.npmjs.org"],
    ["registry.npmjs.org:8443", "registry.npmjs.org"],
    ["api.example.com:443", "api.example.com:8443"],
    ["example.com:443", "*.example.com"],
    ["evilexample.com:443", "*.example.com"],
    ["a.example.com.evil.org:443", "*.example.com"],
    ["sub.registry.npmjs.org:443", "registry.npmjs.org"],
    ["192.0.2.7:443", "*.2.example"],
    ["192.0.2.8:443", "192.0.2.7"],
  ])("refuses %s for %s", (authority, rule) => {
    expect(isAllowed(authority, rule)).toBe(false);
  });

  it("prefers the exact rule, which allows private addresses too", () => {
    const target = parseTarget("a.example.com:443");
    const rules = rulesOf("*.example.com", "a.example.com");
    expect(target && findRule(rules, target)?.kind).toBe("exact");
  });

  it.each([
    "registry.npmjs.org",
    ":443",
    "a b:443",
    "a%2eb:443",
    "user@host:443",
    "127.1:443",
    "2130706433:443",
    "0x7f000001:443",
    "[::1:443",
    "[a.example]:443",
    "a..b:443",
    "-a.example:443",
    "*.example.com:443",
    "a.example:0",
    "a.example:65536",
    `${"a".repeat(64)}.example:443`,
  ])("does not read %s as a target", (authority) => {
    expect(parseTarget(authority)).toBeUndefined();
  });

  it.each([
    ["https://api.example.com/v1", 'here "api.example.com"'],
    ["*", 'network_mode: "bridge"'],
    ["*.", "*.example.com"],
    ["*.192.0.2.7", "*.example.com"],
    ["a.*.example", "wildcard"],
    ["api.example.com:99999", "between 1 and 65535"],
    ["", "write a name"],
  ])("explains what is wrong with %j", (text, words) => {
    expect(parseAllowRule(text)).toMatchObject({ state: "invalid", problem: expect.stringContaining(words) });
  });
});
