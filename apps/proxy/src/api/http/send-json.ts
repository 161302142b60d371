import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { appErrorCodes, type AppError } from "../../app-error.ts";

/** The envelope of every REST error. */
export function errorBody(error: AppError): object {
  return {
    success: false,
    error: { code: error.code, message: error.message, details: error.details },
    request_id: randomUUID(),
  };
}

export function sendError(response: ServerResponse, error: AppError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(error));
  response.writeHead(appErrorCodes[error.code].httpStatus, { "content-type": "application/json" }).end(body);
}
