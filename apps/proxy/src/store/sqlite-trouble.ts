import { LibsqlError } from "@libsql/client/sqlite3";
import { z } from "zod";

/** Why SQLite takes nothing right now, though what it was given is fine. */
export type SqliteTrouble = "locked" | "full" | "unwritable" | "damaged";

const troubleByCode: ReadonlyMap<number, SqliteTrouble> = new Map([
  [5, "locked"],
  [6, "locked"],
  [8, "unwritable"],
  [10, "unwritable"],
  [11, "damaged"],
  [13, "full"],
  [14, "unwritable"],
  [26, "damaged"],
]);
const primaryCodeMask = 0xff;

/** Prisma wraps the driver's error, at a different depth in different places. */
const wrappedSchema = z.object({
  originalCode: z.coerce.number().optional(),
  cause: z.unknown().optional(),
  meta: z.object({ driverAdapterError: z.unknown().optional() }).optional(),
});

/** The trouble that an error of the driver or of Prisma stands for; undefined for every other error. */
export function sqliteTroubleOf(error: unknown): SqliteTrouble | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : troubleByCode.get(code & primaryCodeMask);
}

function codeOf(error: unknown): number | undefined {
  if (error instanceof LibsqlError && error.rawCode !== undefined) return error.rawCode;
  if (typeof error !== "object" || error === null) return undefined;
  const wrapped = wrappedSchema.safeParse(error);
  if (!wrapped.success) return undefined;
  const { originalCode, cause, meta } = wrapped.data;
  return originalCode ?? codeOf(meta?.driverAdapterError) ?? codeOf(cause);
}
