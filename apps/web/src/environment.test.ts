import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

test("defaults to the proxy's own default address", () => {
  expect(readEnvironment({})).toEqual({ proxyUrl: "http://127.0.0.1:8080", allowedHosts: [] });
});

test("treats an empty variable as not set", () => {
  expect(readEnvironment({ MCPPROXY_URL: "" }).proxyUrl).toBe("http://127.0.0.1:8080");
});

test("drops the slash at the end and splits the hosts", () => {
  expect(
    readEnvironment({ MCPPROXY_URL: "http://10.0.0.5:9000/", MCPPROXY_WEB_ALLOWED_HOSTS: "Ops.example, box" }),
  ).toEqual({
    proxyUrl: "http://10.0.0.5:9000",
    allowedHosts: ["ops.example", "box"],
  });
});

test("names the variable that is wrong", () => {
  expect(() => readEnvironment({ MCPPROXY_URL: "nonsense" })).toThrow(/MCPPROXY_URL/);
});
