/** A request to a remote server got no answer. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";
  /** True when the server cannot have seen the request: it may be sent again. */
  readonly isUnsent: boolean;

  constructor(message: string, options: { readonly isUnsent: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isUnsent = options.isUnsent;
  }
}

/** What an error of the network means, in words; never with the address's query or a header. */
export function describeNetworkError(error: unknown, origin: string): string {
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return `nothing listens at ${origin} (ECONNREFUSED)`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `the name in ${origin} cannot be resolved (${code})`;
  if (code === "ECONNRESET" || code === "EPIPE") return `${origin} closed the connection (${code})`;
  if (code !== undefined && isCertificateCode(code))
    return `the certificate of ${origin} is not trusted (${code}); a CA of your own is trusted with ca_certificates`;
  const words = error instanceof Error && code === undefined ? error.message : (code ?? "unknown error");
  return `${origin} cannot be reached (${words})`;
}

/** Happy eyeballs puts the errors of all addresses into one. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!(error instanceof Error && "code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function isCertificateCode(code: string): boolean {
  return /CERT|ALTNAME|ISSUER|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code);
}

/** A message of a remote server is over MCPProxy's bound. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";

  constructor(maxBytes: number) {
    super(`its message is over the limit of ${maxBytes} bytes`);
  }
}
