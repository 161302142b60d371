import type { ReactNode } from "react";

/** A page that holds nothing but a message. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="content" className="mx-auto flex min-h-[70vh] max-w-lg flex-col justify-center gap-2 px-4">
      <p className="text-xs font-semibold text-soft">MCPProxy</p>
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      <div className="flex flex-col gap-2 text-sm text-soft">{children}</div>
    </main>
  );
}
