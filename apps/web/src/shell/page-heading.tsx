import type { ReactNode } from "react";

/** The page's one h1, and what belongs beside it. */
export function PageHeading({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="mb-4 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <h1 className="text-xl font-semibold tracking-tight wrap-anywhere">{children}</h1>
      {aside}
    </div>
  );
}
