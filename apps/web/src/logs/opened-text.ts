import { stripAnsi } from "./ansi-escapes.ts";

const longLine = 160;
const longOnPhones = 36;
const lineLength = 100;
const linePx = 18;
const paddingPx = 16;
const linesMax = 16;

/** Where there is more to a line than fits: it is JSON, or long. */
export function opensOn(text: string): "everywhere" | "phones" | "nowhere" {
  if (text.length > longLine || jsonIn(text) !== undefined) return "everywhere";
  return text.length > longOnPhones ? "phones" : "nowhere";
}

/** A line as it looks opened: JSON with its members below each other, other text as it is. */
export function openedText(text: string): string {
  const json = jsonIn(text);
  return json === undefined ? stripAnsi(text) : JSON.stringify(json, undefined, 2);
}

/** How high an opened line's text is; more than that scrolls. */
export function openedPx(text: string): number {
  const lines = openedText(text)
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLength)), 0);
  return Math.min(lines, linesMax) * linePx + paddingPx;
}

function jsonIn(text: string): object | undefined {
  const trimmed = text.trim();
  if (!/^(?:\{.*\}|\[.*\])$/s.test(trimmed)) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
