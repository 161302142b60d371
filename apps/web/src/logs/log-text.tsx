"use client";

import { lazy, Suspense } from "react";
import { hasAnsi, stripAnsi } from "./ansi-escapes.ts";

const AnsiText = lazy(async () => ({ default: (await import("./ansi-text.tsx")).AnsiText }));

/** The text of a line; what reads colours is loaded with the first line that has any. */
export function LogText({ text }: { text: string }) {
  if (!hasAnsi(text)) return text;
  return (
    <Suspense fallback={stripAnsi(text)}>
      <AnsiText text={text} />
    </Suspense>
  );
}
