import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDemultiplexer } from "./demultiplex.ts";

interface Frame {
  readonly type: 1 | 2;
  readonly payload: Uint8Array;
}

function encode(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.map(({ type, payload }) => {
      const header = Buffer.alloc(8);
      header[0] = type;
      header.writeUInt32BE(payload.length, 4);
      return Buffer.concat([header, payload]);
    }),
  );
}

function payloadOf(frames: readonly Frame[], type: 1 | 2): Buffer {
  return Buffer.concat(frames.filter((frame) => frame.type === type).map((frame) => frame.payload));
}

function demultiplex(chunks: readonly Buffer[]): { stdout: Buffer; stderr: Buffer; pieces: Buffer[] } {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const push = createDemultiplexer({
    onStdout: (chunk) => stdout.push(chunk),
    onStderr: (chunk) => stderr.push(chunk),
  });
  for (const chunk of chunks) push(chunk);
  return { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), pieces: [...stdout, ...stderr] };
}

const frame = fc.record({ type: fc.constantFrom(1 as const, 2 as const), payload: fc.uint8Array({ maxLength: 40 }) });

describe("createDemultiplexer", () => {
  it("gives the same output for any split of the bytes", () => {
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.nat()), (frames, cuts) => {
        const bytes = encode(frames);
        const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        const { stdout, stderr } = demultiplex(chunks);
        expect(stdout.equals(payloadOf(frames, 1))).toBe(true);
        expect(stderr.equals(payloadOf(frames, 2))).toBe(true);
      }),
    );
  });

  it("passes views of the chunk on, without copying", () => {
    const bytes = encode([{ type: 1, payload: Buffer.from("hello") }]);
    expect(demultiplex([bytes]).pieces[0]?.buffer).toBe(bytes.buffer);
  });

  it("does not hold payload back until its frame is complete", () => {
    const bytes = encode([{ type: 1, payload: Buffer.from("hello") }]);
    expect(demultiplex([bytes.subarray(0, 10)]).stdout.toString()).toBe("he");
  });
});
