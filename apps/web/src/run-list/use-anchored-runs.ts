"use client";

import { useState, type RefObject } from "react";
import { useIsBeingRead } from "./use-is-being-read.ts";

interface Anchored<R> {
  /** From the newest that may be shown on. */
  readonly shown: readonly R[];
  /** How many newer ones wait, so that nothing moves under a reader's eyes. */
  readonly waiting: number;
  readonly showNew: () => void;
}

/** Holds new rows back while a list (newest first) is being read: scrolled, under the pointer, or with the focus. */
export function useAnchoredRuns<R extends { readonly id: string }>(
  runs: readonly R[],
  list: RefObject<HTMLElement | null>,
): Anchored<R> {
  const isBeingRead = useIsBeingRead(list);
  const newest = runs[0]?.id;
  const [anchor, setAnchor] = useState(newest);
  const place = runs.findIndex(({ id }) => id === anchor);
  // The anchor can leave the list: another filter, or it no longer matches. Then the whole list is new.
  const waiting = isBeingRead && place > 0 ? place : 0;
  if (waiting === 0 && anchor !== newest) setAnchor(newest);
  return { shown: waiting === 0 ? runs : runs.slice(waiting), waiting, showNew: () => setAnchor(newest) };
}
