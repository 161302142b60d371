import { Transform } from "node:stream";
import { negotiateVersion } from "../protocol-versions.ts";
import { memberOf, type RecalledHandshake } from "./recall-handshake.ts";

/** An initialize is small; what is longer is left to the service. */
const maxFirstLineBytes = 64 * 1024;

export interface EarlyAnswer {
  /** Between the client and the service: everything passes. */
  readonly fromClient: Transform;
  /** Between the service and the client: everything passes but the one answer that the client has already. */
  readonly fromService: Transform;
}

/** Answers a client's initialize from memory while the service is still starting, which takes the answer later as its own. */
export function createEarlyAnswer(handshake: RecalledHandshake, send: (answer: Buffer) => void): EarlyAnswer {
  let head: Buffer | undefined = Buffer.alloc(0);
  /** Of the request that was answered here, until the service has answered it too. */
  let answeredId: unknown;
  const takeHead = (chunk: Buffer): void => {
    if (head === undefined) return;
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(0x0a);
    if (end === -1 && head.length <= maxFirstLineBytes) return;
    const initialize = end === -1 ? undefined : initializeIn(head.subarray(0, end));
    head = undefined;
    if (initialize === undefined) return;
    answeredId = initialize.id;
    const protocolVersion = negotiateVersion(initialize.version, handshake.protocolVersion);
    const result = { ...handshake.result, protocolVersion };
    send(Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", id: initialize.id, result })}\n`));
  };
  let rest = Buffer.alloc(0);
  return {
    fromClient: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        takeHead(chunk);
        done(undefined, chunk);
      },
    }),
    fromService: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (answeredId === undefined) {
          done(undefined, chunk);
          return;
        }
        rest = Buffer.concat([rest, chunk]);
        for (let end = rest.indexOf(0x0a); answeredId !== undefined && end !== -1; end = rest.indexOf(0x0a)) {
          const line = rest.subarray(0, end + 1);
          rest = rest.subarray(end + 1);
          if (isAnswerTo(line, answeredId)) answeredId = undefined;
          else this.push(line);
        }
        if (answeredId === undefined) {
          this.push(rest);
          rest = Buffer.alloc(0);
        }
        done();
      },
      flush(done) {
        done(undefined, rest);
      },
    }),
  };
}

function initializeIn(line: Buffer): { readonly id: string | number; readonly version: string } | undefined {
  const message = readJson(line);
  const id = memberOf(message, "id");
  const version = memberOf(memberOf(message, "params"), "protocolVersion");
  const capabilities = memberOf(memberOf(message, "params"), "capabilities");
  // What is not as it has to be gets its error from the service.
  const isInitialize = memberOf(message, "method") === "initialize" && memberOf(message, "jsonrpc") === "2.0";
  const isSafeId = typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id));
  if (!isInitialize || !isSafeId || typeof version !== "string" || typeof capabilities !== "object") return undefined;
  return capabilities === null ? undefined : { id, version };
}

function isAnswerTo(line: Buffer, id: unknown): boolean {
  const message = readJson(line);
  return memberOf(message, "method") === undefined && memberOf(message, "id") === id;
}

function readJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}
