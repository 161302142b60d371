/** Which protocol eras the fixture speaks. */
export const serverEras = ["legacy", "modern", "dual"] as const;
export type ServerEra = (typeof serverEras)[number];

/** One container for all sessions, or one for each. */
export const scopes = ["shared", "session"] as const;
export type Scope = (typeof scopes)[number];

/** A revision of the specification, and with it the era of the client. */
export const revisions = ["2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof revisions)[number];

/** One run of the suite: what kind of server, behind what, asked by which kind of client. */
export interface Combination {
  readonly era: ServerEra;
  /** "direct" is without MCPProxy. */
  readonly through: Scope | "direct";
  readonly revision: Revision;
}

/** Every way through MCPProxy. */
export const combinations: readonly Combination[] = serverEras.flatMap((era) =>
  scopes.flatMap((through) => revisions.map((revision): Combination => ({ era, through, revision }))),
);

/** What the fixture can do without help: without MCPProxy nobody translates between the eras. */
export const directCombinations: readonly Combination[] = [
  { era: "legacy", through: "direct", revision: "2025-11-25" },
  { era: "modern", through: "direct", revision: "2026-07-28" },
  { era: "dual", through: "direct", revision: "2025-11-25" },
  { era: "dual", through: "direct", revision: "2026-07-28" },
];

/** For people: "legacy server, shared, client 2026-07-28". */
export function nameOf({ era, through, revision }: Combination): string {
  return `${era} server, ${through}, client ${revision}`;
}
