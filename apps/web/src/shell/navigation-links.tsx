"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

const links = [
  { href: "/servers", label: "Servers" },
  { href: "/runs", label: "Runs" },
  { href: "/docker", label: "Docker" },
] as const;

/** The main navigation, with the present page marked. */
export function NavigationLinks() {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="flex gap-1">
      {links.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          aria-current={path === href || path.startsWith(`${href}/`) ? "page" : undefined}
          className="rounded-md px-2 py-1 text-sm text-soft hover:text-ink aria-[current]:bg-sunken aria-[current]:font-medium aria-[current]:text-ink"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
