"use client";

import { useState } from "react";
import { Button } from "./button.tsx";

export interface ConfirmButtonProps {
  readonly children: string;
  /** The whole name, e.g. "Remove the cache of everything". */
  readonly label: string;
  /** What the button says before the second click. */
  readonly question: string;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
}

/** A button that acts on its second click; leaving it takes the first one back. */
export function ConfirmButton({ children, label, question, isPending, onConfirm }: ConfirmButtonProps) {
  const [isAsking, setIsAsking] = useState(false);
  const click = (): void => {
    setIsAsking(!isAsking);
    if (isAsking) onConfirm();
  };
  return (
    <>
      <Button
        label={isAsking ? `${label}: ${question}` : label}
        tone={isAsking ? "bad" : "plain"}
        isPending={isPending}
        onClick={click}
        onBlur={() => setIsAsking(false)}
      >
        {isAsking ? question : children}
      </Button>
      <span role="status" className="sr-only">
        {isAsking ? question : ""}
      </span>
    </>
  );
}
