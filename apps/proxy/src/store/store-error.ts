export type StoreErrorCode =
  | "invalid_cursor"
  | "run_not_found"
  | "stored_data_invalid"
  | "database_newer"
  | "database_unavailable"
  | "migration_changed"
  | "migration_failed";

/** An expected failure of the store; the message is for people and says what to do. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
  readonly code: StoreErrorCode;

  constructor(input: { code: StoreErrorCode; message: string; cause?: unknown }) {
    super(input.message, { cause: input.cause });
    this.code = input.code;
  }
}

/** The cursor of a list was not made by this store. */
export class InvalidCursorError extends StoreError {
  override readonly name = "InvalidCursorError";

  constructor(cause: unknown) {
    const message =
      "The cursor is not valid. Pass nextCursor of the page before unchanged, or leave it out for the first page.";
    super({ code: "invalid_cursor", message, cause });
  }
}

export function runNotFoundError(runId: string): StoreError {
  return new StoreError({ code: "run_not_found", message: `There is no run ${runId} in the history.` });
}
