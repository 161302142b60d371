import { describe, expect, test } from "vitest";
import { judgeRequest } from "./judge-request.ts";

const allowedHosts = ["ops.example"];

describe("Host", () => {
  test.each(["127.0.0.1", "127.0.0.1:3000", "localhost:3000", "LOCALHOST", "[::1]", "[::1]:3000", "ops.example:8443"])(
    "%s may pass",
    (host) => {
      expect(judgeRequest({ host, origin: null, allowedHosts }).kind).toBe("allowed");
    },
  );

  test.each([
    null,
    "",
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:3000",
    "evil@127.0.0.1",
    "127.0.0.1/x",
    "127.0.0.1:3000, evil.example",
    "::1",
    "127.1",
    "0.0.0.0:3000",
  ])("%s is rejected", (host) => {
    expect(judgeRequest({ host, origin: null, allowedHosts }).kind).toBe("rejected");
  });
});

describe("Origin", () => {
  test.each([
    ["127.0.0.1:3000", "http://127.0.0.1:3000"],
    ["[::1]:3000", "http://[::1]:3000"],
    ["ops.example", "https://ops.example"],
  ])("host %s with origin %s may pass", (host, origin) => {
    expect(judgeRequest({ host, origin, allowedHosts }).kind).toBe("allowed");
  });

  test.each([
    ["127.0.0.1:3000", "http://evil.example"],
    ["127.0.0.1:3000", "http://127.0.0.1:3001"],
    ["127.0.0.1:3000", "http://localhost:3000"],
    ["127.0.0.1:3000", "null"],
    ["127.0.0.1:3000", ""],
  ])("host %s with origin %s is rejected", (host, origin) => {
    expect(judgeRequest({ host, origin, allowedHosts }).kind).toBe("rejected");
  });
});
