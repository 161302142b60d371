"use client";

import Anser from "anser";
import { toAnsi } from "./ansi-escapes.ts";

/** The sixteen colours of terminals, as far as they can be read on both themes. */
const colours: Readonly<Record<string, string>> = {
  "ansi-red": "text-bad",
  "ansi-bright-red": "text-bad",
  "ansi-green": "text-good",
  "ansi-bright-green": "text-good",
  "ansi-yellow": "text-warning",
  "ansi-bright-yellow": "text-warning",
  "ansi-blue": "text-accent",
  "ansi-bright-blue": "text-accent",
  "ansi-cyan": "text-accent",
  "ansi-bright-cyan": "text-accent",
  "ansi-magenta": "text-accent",
  "ansi-bright-magenta": "text-accent",
  "ansi-bright-black": "text-soft",
};
const decorations: Readonly<Record<string, string>> = {
  bold: "font-semibold",
  dim: "text-soft",
  italic: "italic",
  underline: "underline",
  strikethrough: "line-through",
};

/** A line with the colours that its program gave it; no markup of the program's own ever gets into the page. */
export function AnsiText({ text }: { text: string }) {
  const parts = Anser.ansiToJson(toAnsi(text), { use_classes: true, remove_empty: true });
  return parts.map(({ content, fg, decorations: decorated }, index) => (
    <span
      key={index}
      className={[colours[fg], ...decorated.map((name) => decorations[name])].filter(Boolean).join(" ")}
    >
      {content}
    </span>
  ));
}
