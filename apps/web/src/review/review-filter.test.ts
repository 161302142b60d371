import { expect, test } from "vitest";
import { failureListInput, parseReviewFilter, reviewHref } from "./review-filter.ts";

test.each([
  ["/review", {}],
  ["/review?state=snoozed", { state: "snoozed" }],
  ["/review?state=all&server=a+b", { state: "all", server: "a b" }],
  ["/review?server=a", { state: "nonsense", server: "a" }],
  ["/review", { state: ["open"], server: ["a"] }],
])("%s", (href, parameters) => {
  expect(reviewHref(parseReviewFilter(parameters))).toBe(href);
});

test("all states are asked for by naming none", () => {
  expect(failureListInput({ state: "all", server: "a" })).toEqual({ server: "a" });
  expect(failureListInput({ state: "open" })).toEqual({ state: "open" });
});
