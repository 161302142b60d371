"use client";

import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { ModalDialog } from "../ui/modal-dialog.tsx";

const noteLengthMax = 500;

/** Asks why a server is restarted; the run that ends keeps the answer in its verdict. */
export function RestartDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const restart = useMutation(useTrpc().servers.restart.mutationOptions({ onSuccess: onClose }));
  const [note, setNote] = useState("");
  const submit = (): void => restart.mutate({ name, ...(note.trim() === "" ? {} : { note: note.trim() }) });
  return (
    <ModalDialog label={`Restart ${name}`} onClose={onClose} className="max-w-md">
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2 className="text-sm font-semibold">Restart {name}</h2>
        <label className="flex flex-col gap-1 text-[13px]">
          Reason
          <input
            data-initial-focus
            className="field"
            maxLength={noteLengthMax}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <span className="text-xs text-soft">Stored with the run that ends, and in the audit log.</span>
        </label>
        {restart.isError && (
          <p role="alert" className="text-xs text-bad wrap-anywhere">
            {describeFailure(restart.error).message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button icon="restart" isPending={restart.isPending} onClick={submit}>
            Restart
          </Button>
        </div>
      </form>
    </ModalDialog>
  );
}
