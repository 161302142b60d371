import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

export interface ButtonProps {
  readonly icon?: IconName;
  readonly children: ReactNode;
  /** The whole name when the visible text is short, e.g. "Stop everything". */
  readonly label?: string;
  readonly isPending?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

/** A quiet button; while pending it stays focusable and ignores clicks. */
export function Button({ icon, children, label, isPending = false, isDisabled = false, onClick }: ButtonProps) {
  const isInert = isPending || isDisabled;
  return (
    <button
      type="button"
      aria-label={label}
      aria-disabled={isInert}
      aria-busy={isPending}
      onClick={isInert ? undefined : onClick}
      className="inline-flex h-7 items-center gap-1 rounded-md border border-line bg-surface px-2 text-xs font-medium whitespace-nowrap hover:bg-sunken aria-disabled:cursor-default aria-disabled:text-soft aria-disabled:hover:bg-surface"
    >
      {isPending ? (
        <Icon name="ring" className="size-3.5 motion-safe:animate-spin" />
      ) : (
        icon !== undefined && <Icon name={icon} className="size-3.5" />
      )}
      {children}
    </button>
  );
}
