import { expect, it } from "vitest";
import { parseListenAddress } from "./listen-address.ts";

it.each([
  ["127.0.0.1:8080", { host: "127.0.0.1", port: 8080 }],
  [":8080", { host: "127.0.0.1", port: 8080 }],
  ["localhost:0", { host: "localhost", port: 0 }],
  ["[::1]:8080", { host: "::1", port: 8080 }],
])("reads %j", (text, value) => {
  expect(parseListenAddress(text)).toEqual({ ok: true, value });
});

it.each([["8080"], ["127.0.0.1"], ["127.0.0.1:70000"], ["http://127.0.0.1:80"], [""]])("refuses %j", (text) => {
  expect(parseListenAddress(text)).toMatchObject({ ok: false });
});
