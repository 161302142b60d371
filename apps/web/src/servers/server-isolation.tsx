import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { Icon } from "../ui/icon.tsx";

type Isolation = ServerRecord["isolation"];

const looks = {
  docker: { icon: "box", label: "Docker container", className: "" },
  none: { icon: "host", label: "Host process, not isolated", className: "text-bad font-medium" },
  remote: { icon: "plug", label: "Remote, not isolated by MCPProxy", className: "" },
  refused: { icon: "forbidden", label: "Not run", className: "text-soft" },
} as const satisfies Record<Isolation, unknown>;

/** Where a server runs; running on the host is flagged. */
export function ServerIsolation({ isolation }: { isolation: Isolation }) {
  const look = looks[isolation];
  return (
    <span className={`inline-flex items-start gap-1 ${look.className}`}>
      <Icon name={look.icon} className="mt-0.5 size-3.5" />
      {look.label}
    </span>
  );
}
