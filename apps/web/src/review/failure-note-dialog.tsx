"use client";

import { useState } from "react";
import { describeFailure } from "../trpc/describe-failure.ts";
import type { FailureGroup } from "../trpc/router-types.ts";
import { Button } from "../ui/button.tsx";
import { ModalDialog } from "../ui/modal-dialog.tsx";
import { useFailureMutations } from "./use-failure-mutations.ts";

/** Who looks after a group, and the note on it. */
export function FailureNoteDialog({ group, onClose }: { group: FailureGroup; onClose: () => void }) {
  const { fingerprint, server } = group;
  const { assign, note } = useFailureMutations();
  const [assignee, setAssignee] = useState(group.assignee ?? "");
  const [text, setText] = useState(group.note ?? "");
  const save = async (): Promise<void> => {
    // One after the other: each is an entry of its own in the audit.
    if (assignee.trim() !== (group.assignee ?? "")) await assign.mutateAsync({ fingerprint, assignee });
    if (text.trim() !== (group.note ?? "")) await note.mutateAsync({ fingerprint, note: text });
    onClose();
  };
  const error = assign.error ?? note.error;
  const submit = (): void => void save().catch(() => undefined);
  return (
    <ModalDialog label={`Assign or note this failure of ${server}`} onClose={onClose}>
      <form
        className="flex flex-col gap-3 p-4 text-[13px]"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2 className="text-sm font-semibold wrap-anywhere">
          {server}: {group.summary}
        </h2>
        <label className="flex flex-col gap-1">
          Looked after by
          <input
            data-initial-focus
            className="field"
            maxLength={100}
            value={assignee}
            onChange={(event) => setAssignee(event.currentTarget.value)}
          />
        </label>
        <label className="flex flex-col gap-1">
          Note
          <textarea
            className="field h-24 py-1.5"
            maxLength={2_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
        {error !== null && (
          <p role="alert" className="text-xs text-bad wrap-anywhere">
            {describeFailure(error).message}
          </p>
        )}
        <div className="flex gap-2">
          <Button isPending={assign.isPending || note.isPending} onClick={submit}>
            Save
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </ModalDialog>
  );
}
