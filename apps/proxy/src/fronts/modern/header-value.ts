const prefix = "=?base64?";
const suffix = "?=";
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The value that a header stands for; undefined when it says that it is Base64 and is not.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#value-encoding
 */
export function decodeHeaderValue(header: string): string | undefined {
  if (!header.startsWith(prefix) || !header.endsWith(suffix) || header.length < prefix.length + suffix.length)
    return header;
  const encoded = header.slice(prefix.length, -suffix.length);
  return base64.test(encoded) ? Buffer.from(encoded, "base64").toString() : undefined;
}
