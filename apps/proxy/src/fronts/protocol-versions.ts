/** Revisions of the legacy era, oldest first; https://modelcontextprotocol.io/specification/versioning */
export const legacyVersions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] as const;

const known: ReadonlySet<string> = new Set(legacyVersions);

export function isLegacyVersion(version: string): boolean {
  return known.has(version);
}

/**
 * The version a session speaks with a shared server: what the client asked for when it is known and not newer than what
 * the server speaks (revisions only added to each other), else the server's.
 */
export function negotiateVersion(asked: string, spoken: string): string {
  return known.has(asked) && asked <= spoken ? asked : spoken;
}
