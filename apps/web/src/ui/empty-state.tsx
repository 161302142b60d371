import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

const icons = {
  "nothing-yet": "box",
  "no-match": "dash",
  failed: "triangle",
  "not-applicable": "info",
} as const satisfies Record<string, IconName>;

export type EmptyKind = keyof typeof icons;

/** Says why there is nothing to see, and what the next step is. */
export function EmptyState({ kind, title, children }: { kind: EmptyKind; title: string; children?: ReactNode }) {
  if (kind === "not-applicable") return <p className="text-[13px] text-soft">{title}</p>;
  return (
    <div
      role={kind === "failed" ? "alert" : undefined}
      className="flex flex-col items-center gap-1 px-4 py-12 text-center"
    >
      <Icon name={icons[kind]} className="mb-1 size-5 text-soft" />
      <p className="text-sm font-medium">{title}</p>
      {children !== undefined && <div className="max-w-prose text-[13px] text-soft">{children}</div>}
    </div>
  );
}
