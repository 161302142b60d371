/** Revisions of the legacy era, oldest first; https://modelcontextprotocol.io/specification/versioning */
export const legacyVersions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] as const;

const newestLegacy = legacyVersions[3];
const known: ReadonlySet<string> = new Set(legacyVersions);

export function isLegacyVersion(version: string): boolean {
  return known.has(version);
}

/** Of the modern era, known or not: revisions are dates, and sort as such. */
export function isModernVersion(version: string): boolean {
  return version > newestLegacy;
}

/**
 * The version a session speaks with a shared server: what the client asked for when it is known and not newer than what
 * the server speaks (revisions only added to each other), else the server's; of a server of the modern era, the newest of
 * the legacy era.
 */
export function negotiateVersion(asked: string, spoken: string): string {
  const newest = isModernVersion(spoken) ? newestLegacy : spoken;
  return known.has(asked) && asked <= newest ? asked : newest;
}
