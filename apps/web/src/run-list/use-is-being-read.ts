"use client";

import { useSyncExternalStore, type RefObject } from "react";

/** Scrolling by a little still shows the head of a list. */
const readFromPx = 40;

/** Whether somebody reads the list right now: has scrolled down, points at it, or moves in it by keyboard. */
export function useIsBeingRead(list: RefObject<HTMLElement | null>): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.scrollY > readFromPx || isAttended(list.current),
    () => false,
  );
}

function isAttended(list: HTMLElement | null): boolean {
  return list !== null && (list.matches(":hover") || list.contains(document.activeElement));
}

const events = ["scroll", "pointermove", "focusin", "focusout", "pointerleave"] as const;

function subscribe(listener: () => void): () => void {
  for (const event of events) document.addEventListener(event, listener, { passive: true });
  return () => {
    for (const event of events) document.removeEventListener(event, listener);
  };
}
