import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { IsolationScore } from "../isolation/isolation-score.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";

/** How well a run was isolated, from what was in force. */
export function RunIsolation({ run }: { run: RunRecord }) {
  return (
    <Section title="Isolation">
      {run.isolationReport === null ? (
        <EmptyState
          kind="not-applicable"
          title={
            run.isolation === "none"
              ? "There was none: this run is a process on the host."
              : run.isolation === "remote"
                ? "Remote, not isolated by MCPProxy: nothing ran on this machine."
                : "Not measured: the engine was not asked about this container."
          }
        />
      ) : (
        <IsolationScore report={run.isolationReport} />
      )}
    </Section>
  );
}
