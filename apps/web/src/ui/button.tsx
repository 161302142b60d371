import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

export interface ButtonProps {
  readonly icon?: IconName;
  readonly children: ReactNode;
  /** The whole name when the visible text is short, e.g. "Stop everything". */
  readonly label?: string;
  readonly isPending?: boolean;
  readonly isDisabled?: boolean;
  /** "bad" for the last click before something is lost. */
  readonly tone?: "plain" | "bad";
  readonly onClick: () => void;
  readonly onBlur?: () => void;
}

/** A quiet button; while pending it stays focusable and ignores clicks. */
export function Button({
  icon,
  children,
  label,
  isPending = false,
  isDisabled = false,
  tone = "plain",
  onClick,
  onBlur,
}: ButtonProps) {
  const isInert = isPending || isDisabled;
  return (
    <button
      type="button"
      aria-label={label}
      aria-disabled={isInert}
      aria-busy={isPending}
      onClick={isInert ? undefined : onClick}
      onBlur={onBlur}
      className={`inline-flex h-7 items-center gap-1 rounded-md border bg-surface px-2 text-xs font-medium whitespace-nowrap hover:bg-sunken aria-disabled:cursor-default aria-disabled:text-soft aria-disabled:hover:bg-surface ${tone === "bad" ? "border-bad text-bad" : "border-line"}`}
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
