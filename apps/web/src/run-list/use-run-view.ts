"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useState } from "react";
import { parseRunView, printRunView, type RunView } from "./run-view.ts";

/** The view in the URL, and how to change it without asking the web server for the page again. */
export function useRunView(): { readonly view: RunView; readonly setView: (view: RunView) => void } {
  const path = usePathname();
  const parameters = useSearchParams();
  const present = parameters.toString();
  // The router takes over a changed URL a little later: until then a field must not fall back to what it was.
  const [pending, setPending] = useState<{ readonly over: string; readonly view: RunView }>();
  if (pending !== undefined && pending.over !== present) setPending(undefined);
  return {
    view: pending?.over === present ? pending.view : parseRunView(new URLSearchParams(parameters)),
    setView: (view) => {
      setPending({ over: present, view });
      const query = printRunView(view);
      window.history.replaceState(null, "", query === "" ? path : `${path}?${query}`);
    },
  };
}
