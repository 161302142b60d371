import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { describeFailure } from "./describe-failure.ts";

function failureWith(code: string) {
  const error = { error: { message: "why", code: -32000, data: { code } } };
  return describeFailure(TRPCClientError.from(error));
}

test.each([
  ["UNAUTHORIZED", "signed-out"],
  ["NOT_FOUND", "not-found"],
  ["BAD_GATEWAY", "unreachable"],
  ["INTERNAL_SERVER_ERROR", "failed"],
])("%s is %s", (code, kind) => {
  expect(failureWith(code)).toEqual({ kind, message: "why" });
});

test("a request that got no answer is unreachable", () => {
  expect(describeFailure(TRPCClientError.from(new TypeError("fetch failed"))).kind).toBe("unreachable");
});
