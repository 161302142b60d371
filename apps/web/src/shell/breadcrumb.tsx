import Link from "next/link";

/** The way back to the list a page belongs to. */
export function Breadcrumb({ href, label, here }: { href: string; label: string; here: string }) {
  return (
    <nav aria-label="Breadcrumb" className="mb-2 flex gap-1.5 text-xs text-soft">
      <Link href={href} className="link">
        {label}
      </Link>
      <span aria-hidden>/</span>
      <span className="truncate font-mono">{here}</span>
    </nav>
  );
}
