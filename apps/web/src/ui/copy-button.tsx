"use client";

import { useState } from "react";
import { Button } from "./button.tsx";

type CopyState = "idle" | "copied" | "failed";
const words: Record<CopyState, string> = {
  idle: "Copy",
  copied: "Copied",
  failed: "Select the text and copy it by hand",
};

export interface CopyButtonProps {
  readonly text: string;
  /** The whole name; begins with what can be seen. */
  readonly label: string;
  readonly words?: string;
}

/** Copies a text and says so. */
export function CopyButton({ text, label, words: idleWords = words.idle }: CopyButtonProps) {
  const [state, setState] = useState<CopyState>("idle");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("failed");
    }
  };
  return (
    <>
      <Button
        icon={state === "copied" ? "check" : "copy"}
        label={state === "idle" ? label : words[state]}
        onClick={() => void copy()}
      >
        {state === "idle" ? idleWords : words[state]}
      </Button>
      <span role="status" className="sr-only">
        {state === "idle" ? "" : words[state]}
      </span>
    </>
  );
}
