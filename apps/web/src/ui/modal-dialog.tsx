"use client";

import { useEffect, useRef, type ReactNode } from "react";

export interface ModalDialogProps {
  /** Names the dialog for screen readers. */
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string;
}

/**
 * A dialog over the page: keeps the focus inside, closes with Escape or a click beside it, gives the focus back.
 * What bears `data-initial-focus` has the focus first.
 */
export function ModalDialog({ label, onClose, children, className = "max-w-lg" }: ModalDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open) return;
    element.showModal();
    element.querySelector<HTMLElement>("[data-initial-focus]")?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={onClose}
      closedby="any"
      className={`m-auto mt-[12vh] w-[calc(100vw-2rem)] rounded-lg bg-surface text-ink shadow-xl backdrop:bg-black/40 ${className}`}
    >
      {children}
    </dialog>
  );
}
