import { Timestamp } from "../clock/timestamp.tsx";
import type { Caches } from "../trpc/router-types.ts";
import { Bytes } from "../ui/bytes.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { DataCell } from "../ui/data-cell.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NoValue } from "../ui/no-value.tsx";
import { ServerLink } from "./server-link.tsx";

type Cache = Caches["caches"][number];

const columns = ["Server", "Size", "Created", "In use by", "Context", "Volume", "Actions"] as const;

export interface CachesTableProps {
  readonly caches: readonly Cache[];
  /** Servers whose caches are being removed. */
  readonly removing: readonly string[];
  readonly onRemove: (server: string) => void;
}

/** One cache volume a line. */
export function CachesTable({ caches, removing, onRemove }: CachesTableProps) {
  return (
    <DataTable label="Caches" columns={columns}>
      <tbody role="rowgroup">
        {caches.map((cache) => (
          <tr key={`${cache.context}:${cache.volume}`} role="row" className="data-row">
            <DataCell column="">
              <ServerLink name={cache.server} />
              {cache.isOrphaned && <div className="text-warning">No longer configured</div>}
            </DataCell>
            <DataCell column="Size" className="lg:w-24">
              <Bytes bytes={cache.sizeBytes} />
            </DataCell>
            <DataCell column="Created" className="lg:w-28">
              {cache.createdAt === null ? <NoValue /> : <Timestamp at={cache.createdAt} />}
            </DataCell>
            <DataCell column="In use by">
              <CacheUsers cache={cache} />
            </DataCell>
            <DataCell column="Context">{cache.context}</DataCell>
            <DataCell column="Volume">
              <code className="wrap-anywhere">{cache.volume}</code>
            </DataCell>
            <DataCell column="Actions" className="lg:w-36">
              <ConfirmButton
                label={`Remove the cache of ${cache.server}`}
                question="Remove for good"
                isPending={removing.includes(cache.server)}
                onConfirm={() => onRemove(cache.server)}
              >
                Remove
              </ConfirmButton>
            </DataCell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

function CacheUsers({ cache: { usedBy } }: { cache: Cache }) {
  if (usedBy.length === 0) return <NoValue />;
  return (
    <ul>
      {usedBy.map(({ container, isRunning }) => (
        <li key={container} className="wrap-anywhere">
          <code>{container}</code>
          {!isRunning && <span className="text-soft"> (has ended)</span>}
        </li>
      ))}
    </ul>
  );
}
