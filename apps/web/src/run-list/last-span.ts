/** The spans that the time filter offers: up to now. */
export const lastSpans = ["1h", "24h", "7d", "30d"] as const;
export type LastSpan = (typeof lastSpans)[number];

const hourMs = 3_600_000;
const spanMs: Readonly<Record<LastSpan, number>> = {
  "1h": hourMs,
  "24h": 24 * hourMs,
  "7d": 7 * 24 * hourMs,
  "30d": 30 * 24 * hourMs,
};

export const lastSpanWords: Readonly<Record<LastSpan, string>> = {
  "1h": "Last hour",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

export function isLastSpan(value: unknown): value is LastSpan {
  return lastSpans.some((span) => span === value);
}

/** When the span began, in epoch milliseconds. */
export function spanStartMs(span: LastSpan, nowMs: number): number {
  return nowMs - spanMs[span];
}
