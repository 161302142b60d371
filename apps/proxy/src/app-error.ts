/** An expected failure with words for people; see docs/errors.md for each code. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: AppErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: AppErrorCode, message: string, extra: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, { cause: extra.cause });
    this.code = code;
    this.details = extra.details ?? {};
  }
}

/** One table from code to the words of each surface. */
export const appErrorCodes = {
  invalid_request: { httpStatus: 400, trpcCode: "BAD_REQUEST" },
  unauthorized: { httpStatus: 401, trpcCode: "UNAUTHORIZED" },
  forbidden_host: { httpStatus: 403, trpcCode: "FORBIDDEN" },
  forbidden_origin: { httpStatus: 403, trpcCode: "FORBIDDEN" },
  not_found: { httpStatus: 404, trpcCode: "NOT_FOUND" },
  server_not_found: { httpStatus: 404, trpcCode: "NOT_FOUND" },
  run_not_found: { httpStatus: 404, trpcCode: "NOT_FOUND" },
  failure_not_found: { httpStatus: 404, trpcCode: "NOT_FOUND" },
  server_not_runnable: { httpStatus: 409, trpcCode: "CONFLICT" },
  cache_in_use: { httpStatus: 409, trpcCode: "CONFLICT" },
  config_changed: { httpStatus: 409, trpcCode: "CONFLICT" },
  config_error: { httpStatus: 500, trpcCode: "INTERNAL_SERVER_ERROR" },
  internal: { httpStatus: 500, trpcCode: "INTERNAL_SERVER_ERROR" },
} as const satisfies Record<string, { httpStatus: number; trpcCode: string }>;

export type AppErrorCode = keyof typeof appErrorCodes;
