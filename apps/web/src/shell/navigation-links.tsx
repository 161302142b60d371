"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Icon } from "../ui/icon.tsx";
import { isWithin, mainPages } from "./pages.ts";

/** The main navigation, with the present page marked. */
export function NavigationLinks() {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="flex flex-col gap-0.5">
      {mainPages.map((page) => (
        <Link
          key={page.href}
          href={page.href}
          aria-current={isWithin(path, page) ? "page" : undefined}
          className="flex h-8 items-center gap-2 rounded-md px-2 text-[13px] text-soft hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:font-medium aria-[current]:text-ink"
        >
          <Icon name={page.icon} />
          {page.label}
        </Link>
      ))}
    </nav>
  );
}
