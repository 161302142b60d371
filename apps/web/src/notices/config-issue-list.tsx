import type { ConfigIssueRecord } from "@mcpproxy/core/run/server-record";

/** Issues of the config file: where, what, and what to do. */
export function ConfigIssueList({ issues }: { issues: readonly ConfigIssueRecord[] }) {
  return (
    <ul className="mt-1 flex flex-col gap-1.5">
      {issues.map((issue) => (
        <li key={`${issue.file}:${issue.line}:${issue.column}:${issue.path}:${issue.message}`}>
          <span className="text-ink">
            {issue.path !== "" && <code>{issue.path}: </code>}
            {issue.message}
          </span>{" "}
          {issue.remedy}
          <code className="block text-xs">
            {issue.file}:{issue.line}:{issue.column}
          </code>
        </li>
      ))}
    </ul>
  );
}
