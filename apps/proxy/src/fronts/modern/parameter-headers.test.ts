import { expect, test } from "vitest";
import { scanMessage, type RequestMessage } from "../../bridge/scan-message.ts";
import { ParameterHeaders } from "./parameter-headers.ts";

const properties = {
  region: { type: "string", "x-mcp-header": "Region" },
  deep: { type: "object", properties: { size: { type: "integer", "x-mcp-header": "Size" } } },
  list: { type: "array", items: { type: "object", properties: { no: { type: "string", "x-mcp-header": "No" } } } },
};

function learned(): ParameterHeaders {
  const headers = new ParameterHeaders();
  headers.learn(toolsList({ properties }));
  return headers;
}

function toolsList(inputSchema: object): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools: [{ name: "t", inputSchema }] } }));
}

function toolCall(values: object): RequestMessage {
  const params = { name: "t", arguments: values };
  const message = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params })));
  if (message.kind !== "request") throw new Error("a request");
  return message;
}

interface Comparison {
  readonly headers: Readonly<Record<string, string>>;
  readonly values: object;
}

test.each<[string, Comparison]>([
  ["the same value", { headers: { "mcp-param-region": "eu" }, values: { region: "eu" } }],
  ["an encoded value", { headers: { "mcp-param-region": "=?base64?w6k=?=" }, values: { region: "é" } }],
  [
    "a value that only looks encoded",
    { headers: { "mcp-param-region": "=?base64?x" }, values: { region: "=?base64?x" } },
  ],
  ["no value and no header", { headers: {}, values: { region: null } }],
  ["a number written in another way", { headers: { "mcp-param-size": "42.0" }, values: { deep: { size: 42 } } }],
  ["what is not reached by names alone", { headers: {}, values: { list: [{ no: "x" }] } }],
])("%s is accepted", (_name, { headers, values }) => {
  expect(learned().mismatch(headers, toolCall(values))).toBeUndefined();
});

test.each<[string, Comparison]>([
  ["another value", { headers: { "mcp-param-region": "us" }, values: { region: "eu" } }],
  ["no header for a value", { headers: {}, values: { region: "eu" } }],
  ["no header for a value further down", { headers: {}, values: { deep: { size: 1 } } }],
  ["a header without a value", { headers: { "mcp-param-region": "eu" }, values: {} }],
  ["bad Base64", { headers: { "mcp-param-region": "=?base64?w6k?=" }, values: { region: "é" } }],
])("%s is refused", (_name, { headers, values }) => {
  const error = learned().mismatch(headers, toolCall(values));
  expect(error).toMatchObject({ code: "header_mismatch", message: expect.stringContaining("Mcp-Param-") });
});

test("a tool that does not declare them any more is not checked any more", () => {
  const headers = learned();
  headers.learn(toolsList({}));
  expect(headers.mismatch({}, toolCall({ region: "eu" }))).toBeUndefined();
});
