const suffixAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const suffixLength = 4;

/** The name of a container: `mcpproxy-<server>-<suffix>`, with characters that Docker forbids replaced by dashes. */
export function containerName(server: string, suffix: string): string {
  return `mcpproxy-${server.replaceAll(/[^A-Za-z0-9_.-]/g, "-")}-${suffix}`;
}

/** Four of a-z0-9 from at least four random bytes. Throws RangeError on fewer. */
export function containerSuffix(randomBytes: Uint8Array): string {
  if (randomBytes.length < suffixLength)
    throw new RangeError(`${suffixLength} random bytes are needed, not ${randomBytes.length}`);
  return Array.from(randomBytes.slice(0, suffixLength))
    .map((byte) => suffixAlphabet.charAt(byte % suffixAlphabet.length))
    .join("");
}
