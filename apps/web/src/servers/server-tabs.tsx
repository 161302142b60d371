import Link from "next/link";

/** The parts of a server's page, each with a URL of its own. */
export const serverTabs = [
  { id: "overview", label: "Overview", path: "" },
  { id: "runs", label: "Runs", path: "/runs" },
  { id: "logs", label: "Logs", path: "/logs" },
  { id: "tools", label: "Tools", path: "/tools" },
  { id: "isolation", label: "Isolation", path: "/isolation" },
  { id: "doctor", label: "Doctor", path: "/doctor" },
  { id: "config", label: "Config", path: "/config" },
] as const;

export type ServerTabId = (typeof serverTabs)[number]["id"];

/** Leads to the parts of a server's page. */
export function ServerTabs({ name, present }: { name: string; present: ServerTabId }) {
  return (
    <nav aria-label={`Parts of ${name}`} className="mb-6 overflow-x-auto border-b border-line">
      <ul className="flex w-max gap-1">
        {serverTabs.map(({ id, label, path }) => (
          <li key={id}>
            <Link
              href={`/servers/${encodeURIComponent(name)}${path}`}
              aria-current={id === present ? "page" : undefined}
              className="flex h-9 items-center border-b-2 border-transparent px-2.5 text-[13px] text-soft hover:text-ink aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
