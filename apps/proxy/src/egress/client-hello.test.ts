import { property, assert, array, nat, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { createClientHelloParser, maxClientHelloBytes, type ClientHelloParse } from "./client-hello.ts";
import { clientHelloMessage, toRecords } from "./testing/client-hello-bytes.ts";

const message = clientHelloMessage({ serverNames: ["registry.example.org"] });
const parseAll = (...chunks: readonly Buffer[]): ClientHelloParse => {
  const parser = createClientHelloParser();
  return chunks.map((chunk) => parser.push(chunk)).at(-1) ?? { state: "incomplete" };
};

describe("client hello", () => {
  it.each([
    ["in one record", toRecords(message, 16_384)],
    ["in records of one byte", toRecords(message, 1)],
    ["with bytes behind it", Buffer.concat([toRecords(message, 60), Buffer.from("anything")])],
  ])("finds the server name %s", (_, bytes) => {
    expect(parseAll(bytes)).toEqual({ state: "complete", serverName: "registry.example.org" });
  });

  it("tells a ClientHello that names no server", () => {
    expect(parseAll(toRecords(clientHelloMessage({ serverNames: [] }), 500))).toEqual({
      state: "complete",
      serverName: undefined,
    });
  });

  it.each([
    ["plain HTTP", Buffer.from("GET / HTTP/1.1\r\n")],
    ["SSH", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n")],
    ["a TLS record of data", Buffer.from([23, 3, 3, 0, 1, 0])],
    ["another handshake message", toRecords(Buffer.from([2, 0, 0, 1, 0]), 100)],
    ["an empty record", Buffer.from([22, 3, 1, 0, 0])],
    ["two server names", toRecords(clientHelloMessage({ serverNames: ["a.example", "b.example"] }), 500)],
    ["a length that points outside", toRecords(Buffer.from([1, 0, 0, 3, 3, 3, 0]), 100)],
  ])("refuses %s", (_, bytes) => {
    expect(parseAll(bytes)).toEqual({ state: "invalid", reason: "not_tls" });
  });

  it("recognises plain text by its first byte", () => {
    expect(parseAll(Buffer.from("G"))).toEqual({ state: "invalid", reason: "not_tls" });
  });

  it("accepts a large one and refuses one beyond the bound", () => {
    const withPadding = (byteLength: number): ClientHelloParse =>
      parseAll(
        toRecords(clientHelloMessage({ serverNames: ["a.example"], padding: Buffer.alloc(byteLength) }), 16_384),
      );
    expect(withPadding(maxClientHelloBytes - 300)).toEqual({ state: "complete", serverName: "a.example" });
    expect(withPadding(maxClientHelloBytes)).toEqual({ state: "invalid", reason: "client_hello_too_large" });
  });

  it("stops at the bound when the bytes go on for ever", () => {
    const endless = toRecords(clientHelloMessage({ serverNames: [], padding: Buffer.alloc(16_000) }), 1);
    expect(parseAll(endless)).toEqual({ state: "invalid", reason: "client_hello_too_large" });
  });

  it("gives the same answer for any split of the bytes, and never another one later", () => {
    const splits = property(
      array(nat({ max: 3_000 }), { maxLength: 12 }),
      nat({ max: 200 }),
      uint8Array({ maxLength: 40 }),
      (cuts, recordBytes, noise) => {
        const hello = toRecords(message, recordBytes + 1);
        // Odd sizes damage it in the middle.
        const bytes = Buffer.concat(recordBytes % 2 === 1 ? [hello.subarray(0, 20), noise, hello] : [hello, noise]);
        const bounds = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        const chunks = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
        expect(parseAll(...chunks)).toEqual(parseAll(bytes));
      },
    );
    assert(splits, { numRuns: 500 });
  });

  it("answers anything at all without throwing", () => {
    const anything = property(uint8Array({ maxLength: 400 }), (noise) => {
      parseAll(toRecords(Buffer.concat([Buffer.from([1, 0, 0, noise.length & 255]), noise]), 90));
    });
    assert(anything, { numRuns: 500 });
  });
});
