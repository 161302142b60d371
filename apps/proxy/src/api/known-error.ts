import { AppError } from "../app-error.ts";
import { StoreError } from "../store/store-error.ts";

/** Expected failures of the parts below in the words of the API; undefined for everything else. */
export function toKnownError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof StoreError)) return undefined;
  switch (error.code) {
    case "invalid_cursor":
      return new AppError("invalid_request", error.message, { cause: error });
    case "run_not_found":
      return new AppError("run_not_found", error.message, { cause: error });
    case "stored_data_invalid":
    case "database_newer":
    case "database_unavailable":
    case "migration_changed":
    case "migration_failed":
      return undefined;
    default:
      return error.code satisfies never;
  }
}
