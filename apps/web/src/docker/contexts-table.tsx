import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import { StatusBadge } from "../status/status-badge.tsx";
import { DataCell } from "../ui/data-cell.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NoValue } from "../ui/no-value.tsx";
import { contextWords, usedWords } from "./context-words.ts";
import { ServerLink } from "./server-link.tsx";

const columns = ["Context", "Endpoint", "State", "Why it is used", "Servers"] as const;

/** The engines that servers run on or could, like `docker context ls`. */
export function ContextsTable({ contexts }: { contexts: readonly DockerContextRecord[] }) {
  return (
    <DataTable label="Docker contexts" columns={columns}>
      <tbody role="rowgroup">
        {contexts.map((context) => (
          <ContextRow key={context.name} context={context} />
        ))}
      </tbody>
    </DataTable>
  );
}

function ContextRow({ context }: { context: DockerContextRecord }) {
  return (
    <tr role="row" className="data-row">
      <DataCell column="" className="lg:w-52">
        <span className="font-medium wrap-anywhere">{context.name}</span>
        {context.isUsed && (
          <div>
            <StatusBadge status={usedWords} />
          </div>
        )}
        {context.description !== "" && <div className="text-soft">{context.description}</div>}
      </DataCell>
      <DataCell column="Endpoint">
        {context.endpoint === null ? <NoValue /> : <code className="wrap-anywhere">{context.endpoint}</code>}
      </DataCell>
      <DataCell column="State" className="lg:max-w-80">
        <ContextState context={context} />
      </DataCell>
      <DataCell column="Why it is used">{context.reason ?? <NoValue />}</DataCell>
      <DataCell column="Servers">
        {context.servers.length === 0 ? (
          <NoValue />
        ) : (
          <ul>
            {context.servers.map((name) => (
              <li key={name}>
                <ServerLink name={name} />
              </li>
            ))}
          </ul>
        )}
      </DataCell>
    </tr>
  );
}

function ContextState({ context: { state, version, problem } }: { context: DockerContextRecord }) {
  return (
    <>
      <StatusBadge status={contextWords[state]} />
      {version !== null && <div className="text-soft tabular-nums">{version}</div>}
      {problem !== null && (
        <p className="wrap-anywhere">
          {problem.message} <span className="text-soft">{problem.remedy}</span>
        </p>
      )}
    </>
  );
}
