"use client";

import { useEffect, useRef, type ReactNode } from "react";
import { Icon } from "./icon.tsx";

export interface MenuProps {
  readonly label: ReactNode;
  /** Marks that something inside is chosen. */
  readonly isActive?: boolean;
  /** Which edge of the button the panel keeps to. */
  readonly align?: "start" | "end";
  readonly children: ReactNode;
}

/** A button that opens a panel below it; closes with Escape, after a link in it, and when the pointer or the focus goes elsewhere. */
export function Menu({ label, isActive = false, align = "start", children }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeUnlessInside = ({ target }: Event): void => {
      const { current } = details;
      if (current?.open === true && target instanceof Node && !current.contains(target)) current.open = false;
    };
    const closeOnEscape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || details.current?.open !== true) return;
      details.current.open = false;
      details.current.querySelector("summary")?.focus();
    };
    const closeAfterLink = ({ target }: Event): void => {
      const { current } = details;
      if (current !== null && target instanceof Element && current.contains(target.closest("a"))) current.open = false;
    };
    document.addEventListener("click", closeAfterLink);
    document.addEventListener("pointerdown", closeUnlessInside);
    document.addEventListener("focusin", closeUnlessInside);
    document.addEventListener("keydown", closeOnEscape);
    return () => {
      document.removeEventListener("click", closeAfterLink);
      document.removeEventListener("pointerdown", closeUnlessInside);
      document.removeEventListener("focusin", closeUnlessInside);
      document.removeEventListener("keydown", closeOnEscape);
    };
  }, []);
  return (
    <details ref={details} className="relative">
      <summary
        className={`flex h-[1.875rem] cursor-pointer list-none items-center gap-1 rounded-md border bg-surface px-2 text-xs font-medium whitespace-nowrap hover:bg-sunken [&::-webkit-details-marker]:hidden ${isActive ? "border-accent" : "border-line"}`}
      >
        {label}
        <Icon name="chevron" className="size-3 text-soft" />
      </summary>
      <div
        className={`absolute top-[calc(100%+4px)] z-20 max-h-[60vh] w-max max-w-[min(24rem,calc(100vw-2rem))] min-w-44 overflow-auto rounded-md border border-line bg-surface p-2 text-[13px] shadow-lg ${align === "end" ? "right-0" : "left-0"}`}
      >
        {children}
      </div>
    </details>
  );
}
