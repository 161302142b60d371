/** What a client says to each server, as raw JSON with ids and spaces as programs and people write them. */
const common = [
  `{"jsonrpc":"2.0","id":1,"method":"ping"}`,
  `{ "jsonrpc" : "2.0" , "id" : "a\\u00e9é" , "method" : "tools/list" , "params" : { } }`,
  `{"id":9007199254740991,"method":"resources/list","jsonrpc":"2.0"}`,
  `{"jsonrpc":"2.0","method":"resources/templates/list","id":-3}`,
  `{"jsonrpc":"2.0","id":"","method":"prompts/list","params":{"_meta":{"x":1}}}`,
  `{"jsonrpc":"2.0","id":4,"method":"resources/read","params":{"uri":"nothing://there"}}`,
  `{"jsonrpc":"2.0","id":5,"method":"prompts/get","params":{"name":"no such prompt"}}`,
  `{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"no such tool","arguments":{}}}`,
  `{"jsonrpc":"2.0","id":7,"method":"no/such/method","params":{"any":[1,2,{"é":null}]}}`,
  `{"jsonrpc":"2.0","id":8,"method":"logging/setLevel","params":{"level":"debug"}}`,
  `{"jsonrpc":"2.0","id":-9007199254740991,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"x"},"argument":{"name":"a","value":"b"}}}`,
];

function tool(id: string, name: string, [args, token]: readonly [string, string?]): string {
  const meta = token === undefined ? "" : `,"_meta":{"other":"kept","progressToken":${token}}`;
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":${args}${meta}}}`;
}

const envelope = `"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"torture","version":"1"}`;

function modern(id: string, method: string, [params = "", meta = ""]: readonly [string?, string?] = []): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":{${params}"_meta":{${meta}${envelope}}}}`;
}

export const conversation = {
  modern: [
    modern("1", "tools/list"),
    modern('"a\\u00e9é"', "resources/list"),
    modern("9007199254740991", "prompts/list"),
    modern("-1", "resources/templates/list"),
    modern('""', "tools/call", [`"name":"test_simple_text","arguments":{},`, `"other":"kept",`]),
    modern("5", "tools/call", [`"arguments":{},"name":"test_tool_with_progress",`, `"progressToken":"tökén",`]),
    modern('"p"', "tools/call", [`"name":"test_tool_with_progress","arguments":{},`, `"progressToken":0,`]),
    modern("6", "tools/call", [`"name":"test_multiple_content_types","arguments":{},`]),
    modern("7", "tools/call", [`"name":"test_error_handling","arguments":{},`]),
    modern("8", "tools/call", [`"name":"no such tool","arguments":{},`]),
    modern("9", "resources/read", [`"uri":"test://static-text",`]),
    modern("10", "resources/read", [`"uri":"nothing://there",`]),
    modern("11", "prompts/get", [`"name":"test_simple_prompt",`]),
    modern("12", "no/such/method", [`"any":[1,{"é":null}],`]),
  ],
  conformance: [
    ...common,
    tool("20", "test_simple_text", ["{}"]),
    tool("21", "test_image_content", ["{}"]),
    tool("22", "test_multiple_content_types", ["{}"]),
    tool("23", "test_embedded_resource", ["{}"]),
    tool('"p"', "test_tool_with_progress", ["{}", '"tökén"']),
    tool("24", "test_tool_with_progress", ["{}", "0"]),
    tool("25", "test_tool_with_logging", ["{}"]),
    tool("26", "test_error_handling", ["{}"]),
    `{"jsonrpc":"2.0","id":27,"method":"resources/read","params":{"uri":"test://static-text"}}`,
    `{"jsonrpc":"2.0","id":28,"method":"resources/read","params":{"uri":"test://static-binary"}}`,
    `{"jsonrpc":"2.0","id":29,"method":"prompts/get","params":{"name":"test_simple_prompt"}}`,
  ],
  everything: [
    ...common,
    tool("30", "echo", [`{"message":"\\u0000\\ud83d\\ude00 é \\"quoted\\" \\u2028"}`]),
    tool("31", "get-sum", [`{"a":0.1,"b":0.2}`]),
    tool("32", "echo", [`{"wrong":1}`]),
    tool("33", "get-tiny-image", ["{}"]),
    tool("34", "get-structured-content", [`{"location":"New York"}`]),
    tool('"lr"', "trigger-long-running-operation", [`{"duration":0.2,"steps":4}`, '"7"']),
    tool("35", "get-annotated-message", [`{"messageType":"error","includeImage":true}`]),
    tool("36", "get-resource-reference", [`{"resourceType":"Text","resourceId":1}`]),
    `{"jsonrpc":"2.0","id":37,"method":"prompts/get","params":{"name":"simple-prompt"}}`,
  ],
};
