import type { SettingDescription } from "@mcpproxy/core/plan/describe-settings";
import { DataCell } from "../ui/data-cell.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NoValue } from "../ui/no-value.tsx";

const columns = ["Setting", "In force", "From", "This server", "docker_isolation"] as const;

const sourceWords: Readonly<Record<SettingDescription["source"], string>> = {
  server: "this server",
  "server preset": "preset of this server",
  docker_isolation: "docker_isolation",
  "global preset": "preset of docker_isolation",
  default: "default",
  ceiling: "ceiling in docker_isolation",
};

/** One setting a line: what holds, where it comes from, what the file says on both levels. */
export function SettingsTable({ settings }: { settings: readonly SettingDescription[] }) {
  return (
    <DataTable label="Settings" columns={columns}>
      <tbody role="rowgroup">
        {settings.map((setting) => (
          <tr key={setting.key} role="row" className="data-row">
            <DataCell column="" className="lg:w-56">
              <code>{setting.key}</code>
            </DataCell>
            <DataCell column="In force" className={setting.source === "default" ? "" : "font-medium"}>
              {setting.effective === null ? (
                <span className="text-soft">Docker decides</span>
              ) : (
                <SettingValue value={setting.effective} />
              )}
            </DataCell>
            <DataCell column="From" className={`lg:w-52 ${setting.source === "default" ? "text-soft" : ""}`}>
              {sourceWords[setting.source]}
            </DataCell>
            <DataCell column="This server">
              <SettingValue value={setting.server} />
            </DataCell>
            <DataCell column="docker_isolation">
              <SettingValue value={setting.global} />
            </DataCell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

function SettingValue({ value }: { value: string | null }) {
  if (value === null) return <NoValue />;
  return <span className="wrap-anywhere tabular-nums">{value}</span>;
}
