import { expect, it } from "vitest";
import { clientCapabilities } from "./client-capabilities.ts";

it.each([
  [[], []],
  [["all"], ["ALL"]],
  [["ALL", "KILL"], ["ALL"]],
  [
    ["net_raw", "CAP_CHOWN", "CHOWN"],
    ["CAP_CHOWN", "CAP_NET_RAW"],
  ],
])("%j become %j", (capabilities, sent) => {
  expect(clientCapabilities(capabilities)).toEqual(sent);
});
