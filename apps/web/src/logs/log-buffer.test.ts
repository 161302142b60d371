import { describe, expect, test } from "vitest";
import { LogBuffer, logRowsMax } from "./log-buffer.ts";
import { parseLogLine } from "./log-row.ts";

const line = (second: number, text = `line ${second}`): string =>
  `2026-11-24T02:00:${String(second).padStart(2, "0")}.000Z STDERR ${text}`;
const live = { skipped: 0, isTail: false };
const tail = { skipped: 0, isTail: true };
const textsOf = (buffer: LogBuffer): readonly string[] =>
  buffer.snapshot().rows.map((row) => (row.kind === "gap" ? "gap" : row.text));

describe("LogBuffer", () => {
  test("a new connection goes on where the one before was lost, without a gap and without a line twice", () => {
    const buffer = new LogBuffer(["a"]);
    buffer.add({ ...tail, lines: [[0, line(1)]] });
    buffer.add({ ...live, lines: [[0, line(2)]] });
    buffer.add({ ...tail, lines: [1, 2, 3].map((second) => [0, line(second)] as const) });
    expect(textsOf(buffer)).toEqual(["line 1", "line 2", "line 3"]);
  });

  test("a connection that was lost for too long leaves a gap that can be seen", () => {
    const buffer = new LogBuffer(["a", "b"]);
    buffer.add({
      ...tail,
      lines: [
        [0, line(1)],
        [1, line(2, "b 2")],
      ],
    });
    buffer.add({
      ...tail,
      lines: [
        [1, line(2, "b 2")],
        [0, line(8)],
        [1, line(9, "b 9")],
      ],
    });
    expect(textsOf(buffer)).toEqual(["line 1", "b 2", "gap", "line 8", "b 9"]);
  });

  test("what the proxy left out is said where it is missing", () => {
    const buffer = new LogBuffer(["a"]);
    buffer.add({ lines: [[0, line(1)]], skipped: 1_234, isTail: false });
    expect(buffer.snapshot().rows.at(-1)).toMatchObject({ kind: "gap", message: expect.stringContaining("1,234") });
  });

  test("holds the newest lines only, and counts all", () => {
    const buffer = new LogBuffer(["a"]);
    for (let batch = 0; batch < 30; batch += 1)
      buffer.add({ ...live, lines: Array.from({ length: 500 }, (_, index) => [0, line(1, `${batch * 500 + index}`)]) });
    const { rows, total } = buffer.snapshot();
    expect(rows).toHaveLength(logRowsMax);
    expect(total).toBe(15_000);
    expect(rows.at(-1)).toMatchObject({ text: "14999" });
  });
});

describe("parseLogLine", () => {
  test.each([
    ["2026-11-24T02:00:01.000Z STDERR  two spaces", "stderr", " two spaces"],
    ["2026-11-24T02:00:01.000Z INFO   Run began", "proxy", "Run began"],
    ["no log line", "proxy", "no log line"],
  ])("takes %j apart", (text, stream, rest) => {
    expect(parseLogLine(text)).toMatchObject({ stream, text: rest });
  });
});
