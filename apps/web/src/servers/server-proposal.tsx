import { shellQuoteAll } from "@mcpproxy/core/format/shell-quote";
import { severityWords } from "../isolation/severity-words.ts";
import { toneText } from "../status/status-badge.tsx";
import type { EditProposal } from "../trpc/router-types.ts";
import { DiffBlock } from "../ui/diff-block.tsx";
import { FactList } from "../ui/fact-list.tsx";
import { Icon } from "../ui/icon.tsx";

const shownSettings = ["memory_limit", "cpu_limit", "pids_limit", "network_mode"] as const;
const outcomeWords = { isolated: "In a container", direct: "On the host, not isolated", refused: "Not run" } as const;

/** What would come of a new server: where it runs, with which limits, and what to know about it. */
export function ServerProposal({ proposal }: { proposal: EditProposal }) {
  if (proposal.kind === "invalid")
    return (
      <p role="alert" className="text-bad wrap-anywhere">
        {proposal.message}
      </p>
    );
  const { plan, diff } = proposal;
  const effective = (key: string): string =>
    plan.settings.find((setting) => setting.key === key)?.effective ?? "Docker decides";
  return (
    <div role="status" className="flex flex-col gap-3">
      <FactList
        facts={[
          { name: "Runs", value: outcomeWords[plan.outcome] },
          ...(plan.image === null ? [] : [{ name: "Image", value: <code>{plan.image}</code> }]),
          ...(plan.command.length === 0
            ? []
            : [{ name: "Command", value: <code>{shellQuoteAll(plan.command)}</code> }]),
          ...(plan.outcome === "isolated" ? shownSettings.map((key) => ({ name: key, value: effective(key) })) : []),
        ]}
      />
      {plan.reason !== null && <p className="text-soft">{plan.reason}</p>}
      {plan.refusal !== null && (
        <p className="text-bad wrap-anywhere">
          {plan.refusal.message} {plan.refusal.remedy}
        </p>
      )}
      {plan.findings.map(({ severity, code, message, remedy }) => (
        <p key={`${code}:${message}`} className="flex gap-1.5 wrap-anywhere">
          <Icon
            name={severityWords[severity].icon}
            className={`mt-0.5 size-3.5 ${toneText[severityWords[severity].tone]}`}
          />
          <span className="min-w-0">
            {severityWords[severity].label}: {message} <span className="text-soft">{remedy}</span>
          </span>
        </p>
      ))}
      <DiffBlock label="New entry in the config file" lines={diff} />
    </div>
  );
}
