import { expect, test } from "vitest";
import { defaultLimits } from "./limits-field.ts";
import { parseConfig } from "./parse-config.ts";

test.each([
  ["{}", {}],
  ['{"limits": {"max_body": "1m", "max_sessions": 5}}', { bodyBytes: 1_048_576, sessions: 5 }],
  ['{"limits": {"max_line": "128m", "session_idle": "30m"}}', { lineBytes: 134_217_728, sessionIdleMs: 1_800_000 }],
  ['{"limits": {"max_queued_bytes": "64k", "max_queued_messages": 10}}', { queuedBytes: 65_536, queuedMessages: 10 }],
  ['{"limits": {"max_streams": 2, "max_calls": 3}}', { streamsPerSession: 2, callsPerSession: 3 }],
])("%s changes what it names, and nothing else", (text, changed) => {
  expect(parseConfig(text, "c.json").settings?.limits).toEqual({ ...defaultLimits, ...changed });
});

test.each([
  ['{"limits": {"max_body": "1"}}', "limits.max_body", "1k"],
  ['{"limits": {"max_body": "1g"}}', "limits.max_body", "512m"],
  ['{"limits": {"max_sessions": 0}}', "limits.max_sessions", "1 to 100000"],
  ['{"limits": {"max_bodies": "1m"}}', "limits.max_bodies", "max_body"],
])("%s is an error with its place", (text, path, says) => {
  const { settings, issues } = parseConfig(text, "c.json");
  expect(settings).toBeUndefined();
  expect(issues).toMatchObject([{ path }]);
  expect(`${issues[0]?.message ?? ""} ${issues[0]?.remedy ?? ""}`).toContain(says);
});
