import { JsonScanner, type Span } from "../../bridge/json-scanner.ts";
import { replaceSpans } from "../../bridge/replace-spans.ts";
import type { RpcError } from "../../bridge/rpc-error.ts";
import { scanMessage, spanString, spanText, type RequestMessage } from "../../bridge/scan-message.ts";

export type InnerCall =
  | { readonly kind: "call"; readonly message: RequestMessage }
  | { readonly kind: "refused"; readonly error: RpcError };

/** The call that a call_tool stands for: the same request with the inner name and arguments, byte for byte. */
export function innerCallOf({ bytes, name: outerName }: RequestMessage): InnerCall {
  const { outer, name, inner } = readSpans(bytes);
  if (outer === undefined || outerName === undefined || spanString(bytes, name) === undefined || name === undefined)
    return refused(`call_tool wants {"name": …, "arguments": {…}}: the name is missing.`);
  if (inner !== undefined && bytes[inner.start] !== openBrace)
    return refused(`call_tool wants {"name": …, "arguments": {…}}: the arguments are no object.`);
  const edited = replaceSpans(bytes, [
    { span: outerName, text: spanText(bytes, name) },
    { span: outer, text: inner === undefined ? "{}" : spanText(bytes, inner) },
  ]);
  const message = scanMessage(edited);
  if (message.kind !== "request") throw new Error("a request stays one with other params");
  return { kind: "call", message };
}

const openBrace = 0x7b;

/** Where params.arguments stands, and in it `name` and `arguments`. */
function readSpans(bytes: Buffer): { readonly outer?: Span; readonly name?: Span; readonly inner?: Span } {
  const spans: { outer?: Span; name?: Span; inner?: Span } = {};
  const takeArgument = (key: string, at: JsonScanner): void => {
    if (key === "name") spans.name = at.readValue(3);
    if (key === "arguments") spans.inner = at.readValue(3);
  };
  new JsonScanner(bytes).readDocument((key, at) => {
    if (key !== "params") return;
    at.readObjectOrValue((param, inside) => {
      if (param === "arguments") spans.outer = inside.readObjectOrValue(takeArgument, 2);
    }, 1);
  });
  return spans;
}

function refused(message: string): InnerCall {
  return { kind: "refused", error: { code: "invalid_params", message } };
}
