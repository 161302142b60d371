"use client";

import { useEffect, useRef } from "react";

/** The search field of the runs. Holds what is typed by itself, so that a slow URL never eats a letter. */
export function TextFilter({ text, onType }: { text: string | undefined; onType: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The filter was cleared elsewhere: by a button, a link, the history.
    if (text === undefined && input.current !== null && document.activeElement !== input.current)
      input.current.value = "";
  }, [text]);
  return (
    <label className="contents">
      <span className="sr-only">Text in server, image or verdict</span>
      <input
        ref={input}
        type="search"
        data-shortcut="search"
        className="field w-full placeholder:text-soft sm:w-56"
        placeholder="Server, image or verdict"
        defaultValue={text ?? ""}
        onChange={(event) => onType(event.currentTarget.value)}
      />
    </label>
  );
}
