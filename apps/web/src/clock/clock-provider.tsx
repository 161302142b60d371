"use client";

import { createContext, use, useSyncExternalStore, type ReactNode } from "react";
import { readClock, subscribeToClock } from "./clock.ts";

const RenderedAtContext = createContext(0);

/** Gives hydration the server's time, so that the first text in the browser is the one the server sent. */
export function ClockProvider({ renderedAtMs, children }: { renderedAtMs: number; children: ReactNode }) {
  return <RenderedAtContext value={renderedAtMs}>{children}</RenderedAtContext>;
}

/** A text made from the current time; renders again only when the text changes. */
export function useClockText(format: (nowMs: number) => string): string {
  const renderedAtMs = use(RenderedAtContext);
  return useSyncExternalStore(
    subscribeToClock,
    () => format(readClock()),
    () => format(renderedAtMs),
  );
}

/** False on the server and during hydration, true from then on: before it, the visitor's time zone is not known. */
export function useIsInBrowser(): boolean {
  return useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
}

function subscribeToNothing(): () => void {
  return () => undefined;
}
