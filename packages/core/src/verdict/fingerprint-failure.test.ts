import { expect, test } from "vitest";
import { failureLine, normalizeFailureLine } from "./failure-line.ts";
import { fingerprintFailure, type EndedRun } from "./fingerprint-failure.ts";

test.each([
  ["Error: port 8080 is in use", "Error: port <n> is in use"],
  ["2026-11-24T08:00:00.123Z ERROR giving up", "<time> ERROR giving up"],
  ["2026-11-24 08:00:00,123 ERROR giving up", "<time> ERROR giving up"],
  ["[08:00:01] fatal: lost", "[<time>] fatal: lost"],
  ["Session 0b9b7a5e-3e0c-4a52-9d4d-3c3f2a9d8d11 failed", "Session <id> failed"],
  ["Segfault at 0x7ffe3a", "Segfault at <hex>"],
  ["commit 9fceb02d0ae598e9 not found", "commit <hex> not found"],
  ["Cannot find module '/home/ann/project/index.js'", "Cannot find module '~/project/index.js'"],
  ["ENOENT: open '/tmp/mcp-x8Jq2/data.json'", "ENOENT: open '/tmp/<path>'"],
  ["/root/.npm/_npx/15b07286cbcc3329/node_modules/x failed", "/root/.npm/_npx/<id>/node_modules/x failed"],
  ["at line 12:34, took 1.25s (12,345 rows)", "at line <n>:<n>, took <n>s (<n> rows)"],
  [
    "GET https://api.example.com/items?token=abc&n=2 failed: 503",
    "GET https://api.example.com/items?<query> failed: <n>",
  ],
  ["request req_01HZX8K2M4N6P8Q0R2S4T6V8 failed", "request <id> failed"],
  ["TypeError: x is not a function", "TypeError: x is not a function"],
  ["a decade of beaded facades", "a decade of beaded facades"],
  ["   much    space  ", "much space"],
  ["", ""],
])("%j becomes %j", (line, expected) => {
  expect(normalizeFailureLine(line)).toBe(expected);
  expect(normalizeFailureLine(expected), "and stays so").toBe(expected);
});

test("a line without end is cut, and fast", () => {
  for (const part of ["a", "1", "a1-", "/tmp/x", "?a=", "0x1 ", " "])
    expect(normalizeFailureLine(part.repeat(100_000)).length).toBeLessThanOrEqual(200);
});

test("the line is the one that names the error, without colours", () => {
  const escape = String.fromCharCode(27);
  const tail = ["starting", `${escape}[31mError: no key 7${escape}[0m`, "    at main (x.js:1:2)", "Node.js v20.20.2"];
  expect(failureLine(tail)).toBe("Error: no key <n>");
});

const failed: EndedRun = { server: "a", verdict: "app_error", exitCode: 3, stderrTail: ["Error: 17 is too much"] };

test("the same failure has the same fingerprint, whatever the numbers", () => {
  const first = fingerprintFailure(failed);
  expect(first?.fingerprint).toMatch(/^[\da-f]{16}$/);
  expect(fingerprintFailure({ ...failed, stderrTail: ["noise", "Error: 18 is too much"] })).toEqual(first);
});

test.each<Partial<EndedRun>>([
  { server: "b" },
  { verdict: "crashed_signal" },
  { exitCode: 4 },
  { exitCode: null },
  { stderrTail: ["Error: other"] },
])("another failure has another fingerprint: %j", (change) => {
  expect(fingerprintFailure({ ...failed, ...change })?.fingerprint).not.toBe(fingerprintFailure(failed)?.fingerprint);
});

test("for memory kills it does not matter what was written last", () => {
  const killed = { ...failed, verdict: "oom_killed", exitCode: 137 } as const;
  expect(fingerprintFailure(killed)).toEqual(fingerprintFailure({ ...killed, stderrTail: ["Error: other"] }));
  expect(fingerprintFailure(killed)?.line).toBe("");
});

test.each(["completed", "stopped_by_user", "stopped_by_policy", "session_closed"] as const)(
  "%s is no failure",
  (verdict) => expect(fingerprintFailure({ ...failed, verdict })).toBeUndefined(),
);
