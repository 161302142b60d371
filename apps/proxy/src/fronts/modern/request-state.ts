import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { z } from "zod";

/** What a client carries back: which waiting call its retry goes on with. */
export interface RequestState {
  readonly callId: string;
  readonly round: number;
  readonly expiresAtMs: number;
}

const stateSchema = z.object({ callId: z.string(), round: z.number(), expiresAtMs: z.number() });
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals `requestState`: encrypted and authenticated with a key of this process, and bound to what it is opened with (the
 * client and its request); https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#server-requirements-basic-workflow
 */
export class RequestStates {
  private readonly key = randomBytes(32);

  seal(state: RequestState, boundTo: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce).setAAD(Buffer.from(boundTo));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(state)), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** Undefined for a text that was changed, or is opened with something else than it was sealed with. */
  open(text: string, boundTo: string): RequestState | undefined {
    // Decoding is lenient: what does not come back the same was changed.
    const bytes = Buffer.from(text, "base64url");
    if (bytes.toString("base64url") !== text || bytes.length <= nonceBytes + tagBytes) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
      .setAAD(Buffer.from(boundTo))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const opened = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
      return stateSchema.parse(JSON.parse(opened.toString()));
    } catch {
      // The tag does not fit: nothing in it can be trusted.
      return undefined;
    }
  }
}

const perRequest: ReadonlySet<string> = new Set(["_meta", "inputResponses", "requestState"]);

/** What a retry has to have in common with the request that it repeats: the client, the method, the parameters. */
export function requestDigest(input: {
  readonly principal: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}): string {
  const salient = Object.entries(input.params).filter(([key]) => !perRequest.has(key));
  const text = JSON.stringify([input.principal, input.method, canonical(Object.fromEntries(salient))]);
  return createHash("sha256").update(text).digest("base64url");
}

/** Clients may build the same object in another order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inner]) => [key, canonical(inner)]);
}
