import { Timestamp } from "../clock/timestamp.tsx";
import type { FailureGroup } from "../trpc/router-types.ts";
import { Icon } from "../ui/icon.tsx";

/** What people said about a group: state, by whom and when, who looks after it, the note. */
export function FailureStanding({ group }: { group: FailureGroup }) {
  const { assignee, note } = group;
  return (
    <div className="flex flex-col gap-0.5 text-[13px] empty:hidden">
      <Decision group={group} />
      {assignee !== null && (
        <p>
          <span className="text-soft">Looked after by</span> {assignee}
        </p>
      )}
      {note !== null && <p className="max-w-prose whitespace-pre-line wrap-anywhere">“{note}”</p>}
    </div>
  );
}

function Decision({ group }: { group: FailureGroup }) {
  const { state, hasRecurred, decidedAt, decidedBy, snoozedUntil } = group;
  if (hasRecurred && decidedAt !== null) {
    return (
      <p className="flex items-start gap-1 text-warning">
        <Icon name="restart" className="mt-0.5 size-3.5" />
        <span>
          Happened again since {decidedBy} had seen to it, <Timestamp at={decidedAt} />
        </span>
      </p>
    );
  }
  if (state === "acknowledged") {
    return (
      <p className="flex items-start gap-1 text-soft">
        <Icon name="check" className="mt-0.5 size-3.5 text-good" />
        {decidedAt === null || decidedBy === null || group.unreviewedRuns > 0 ? (
          "Acknowledged, run by run"
        ) : (
          <span>
            Acknowledged by {decidedBy}, <Timestamp at={decidedAt} />
          </span>
        )}
      </p>
    );
  }
  if (state === "snoozed") {
    return (
      <p className="flex items-start gap-1 text-soft">
        <Icon name="clock" className="mt-0.5 size-3.5" />
        <span>
          Snoozed by {decidedBy}{" "}
          {snoozedUntil === null ? (
            "until it happens again"
          ) : (
            <>
              for a time that ends <Timestamp at={snoozedUntil} />
            </>
          )}
        </span>
      </p>
    );
  }
  return null;
}
