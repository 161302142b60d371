import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

const looks = {
  bad: { className: "bg-bad-tint", iconClassName: "text-bad", icon: "cross" },
  warning: { className: "bg-warning-tint", iconClassName: "text-warning", icon: "triangle" },
  neutral: { className: "bg-sunken", iconClassName: "text-soft", icon: "info" },
} as const;

export type BannerTone = keyof typeof looks;

/** A message over the width of what it concerns. */
export function Banner({ tone, title, children }: { tone: BannerTone; title: ReactNode; children?: ReactNode }) {
  const look = looks[tone];
  return (
    <div
      role={tone === "neutral" ? "note" : "alert"}
      className={`flex gap-2.5 rounded-md px-3 py-2 text-sm ${look.className}`}
    >
      <Icon name={look.icon} className={`mt-0.5 ${look.iconClassName}`} />
      <div className="min-w-0 wrap-anywhere">
        <p className="font-medium">{title}</p>
        {children !== undefined && <div className="text-[13px] text-soft">{children}</div>}
      </div>
    </div>
  );
}
