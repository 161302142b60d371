"use client";

import { useState } from "react";
import { describeFailure } from "../trpc/describe-failure.ts";
import type { FailureGroup } from "../trpc/router-types.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { FailureNoteDialog } from "./failure-note-dialog.tsx";
import { useFailureMutations } from "./use-failure-mutations.ts";

const snoozes = [
  { time: "1d", label: "For a day" },
  { time: "7d", label: "For a week" },
  { time: "next", label: "Until it happens again" },
] as const;

/** Acknowledge, snooze, open again, assign and note. */
export function FailureActions({ group }: { group: FailureGroup }) {
  const { fingerprint, server, state } = group;
  const mutations = useFailureMutations();
  const { acknowledge, reopen, snooze } = mutations;
  const [isEditing, setIsEditing] = useState(false);
  const error = acknowledge.error ?? reopen.error ?? snooze.error;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        {state === "open" ? (
          <Button
            icon="check"
            label={`Acknowledge this failure of ${server}`}
            isPending={acknowledge.isPending}
            onClick={() => acknowledge.mutate({ fingerprint })}
          >
            Acknowledge
          </Button>
        ) : (
          <Button
            icon="restart"
            label={`Reopen this failure of ${server}`}
            isPending={reopen.isPending}
            onClick={() => reopen.mutate({ fingerprint })}
          >
            Reopen
          </Button>
        )}
        {state === "open" && (
          <Menu label="Snooze">
            <ul className="flex flex-col gap-1">
              {snoozes.map(({ time, label }) => (
                <li key={time} className="flex flex-col items-stretch">
                  <Button
                    isPending={snooze.isPending}
                    label={`${label}: snooze this failure of ${server}`}
                    onClick={() => snooze.mutate({ fingerprint, time })}
                  >
                    {label}
                  </Button>
                </li>
              ))}
            </ul>
          </Menu>
        )}
        <Button icon="pencil" label={`Assign or note this failure of ${server}`} onClick={() => setIsEditing(true)}>
          Assign or note
        </Button>
      </div>
      {error !== null && (
        <p role="alert" className="text-xs text-bad wrap-anywhere">
          {describeFailure(error).message}
        </p>
      )}
      {isEditing && <FailureNoteDialog group={group} onClose={() => setIsEditing(false)} />}
    </div>
  );
}
