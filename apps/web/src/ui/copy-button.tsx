"use client";

import { useState } from "react";
import { Button } from "./button.tsx";

type CopyState = "idle" | "copied" | "failed";
const words: Record<CopyState, string> = {
  idle: "Copy",
  copied: "Copied",
  failed: "Select the text and copy it by hand",
};

/** Copies a text and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
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
        {words[state]}
      </Button>
      <span role="status" className="sr-only">
        {state === "idle" ? "" : words[state]}
      </span>
    </>
  );
}
