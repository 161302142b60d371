"use client";

import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { ModalDialog } from "../ui/modal-dialog.tsx";
import { serverOfForm, serverOfJson } from "./new-server.ts";
import { ServerProposal } from "./server-proposal.tsx";

const areaClass = "w-full rounded-md border border-line bg-surface p-2 font-mono text-xs";
const nothingTyped = { name: "", command: "", args: "", env: "", json: "" };
type Typed = typeof nothingTyped;

/** A new server, from fields or from pasted JSON; shows what would come of it before anything is written. */
export function AddServerDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTrpc();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState<Typed>(nothingTyped);
  const [isJson, setIsJson] = useState(false);
  const preview = useMutation(trpc.servers.proposeServer.mutationOptions());
  const add = useMutation(
    trpc.servers.add.mutationOptions({
      onSuccess: ({ name }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.servers.list.queryKey() });
        onClose();
        router.push(`/servers/${encodeURIComponent(name)}`);
      },
    }),
  );
  const server = isJson ? serverOfJson(typed.json, typed.name) : serverOfForm(typed);
  const change = (part: Partial<Typed>): void => {
    setTyped({ ...typed, ...part });
    preview.reset();
    add.reset();
  };
  const isPreviewed = preview.data?.kind === "valid";
  const failed = [preview, add].find(({ isError }) => isError);
  const hasTried = Object.values(typed).some((text) => text !== "");
  return (
    <ModalDialog label="Add a server" onClose={onClose} className="max-w-2xl">
      <div className="flex max-h-[80vh] flex-col gap-3 overflow-y-auto p-4 text-[13px]">
        <div className="flex items-center justify-between">
          <h2 className="text-sm font-semibold">Add a server</h2>
          <Button onClick={() => setIsJson(!isJson)}>{isJson ? "Fill in fields" : "Paste JSON"}</Button>
        </div>
        <Field label={isJson ? "Name, if the JSON has none" : "Name"}>
          <input
            data-initial-focus
            className="field"
            value={typed.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
        </Field>
        {isJson ? (
          <Field label="JSON, as the server's documentation has it">
            <textarea
              rows={8}
              className={areaClass}
              value={typed.json}
              onChange={(event) => change({ json: event.currentTarget.value })}
            />
          </Field>
        ) : (
          <FormFields typed={typed} onChange={change} />
        )}
        {!server.ok && hasTried && <p className="text-soft">{server.problem}</p>}
        {failed !== undefined && (
          <p role="alert" className="text-bad wrap-anywhere">
            {describeFailure(failed.error).message}
          </p>
        )}
        {preview.data !== undefined && <ServerProposal proposal={preview.data} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            isPending={preview.isPending}
            isDisabled={!server.ok}
            onClick={() => {
              if (server.ok) preview.mutate({ name: server.name, entry: server.entry });
            }}
          >
            Preview
          </Button>
          <Button
            icon="plus"
            isPending={add.isPending}
            isDisabled={!server.ok || !isPreviewed}
            onClick={() => {
              if (server.ok) add.mutate({ name: server.name, entry: server.entry });
            }}
          >
            Add it
          </Button>
        </div>
      </div>
    </ModalDialog>
  );
}

function FormFields({ typed, onChange }: { typed: Typed; onChange: (part: Partial<Typed>) => void }) {
  return (
    <>
      <Field label="Command">
        <input
          className="field font-mono"
          placeholder="npx -y"
          value={typed.command}
          onChange={(event) => onChange({ command: event.currentTarget.value })}
        />
      </Field>
      <Field label="Arguments, one a line">
        <textarea
          rows={3}
          className={areaClass}
          value={typed.args}
          onChange={(event) => onChange({ args: event.currentTarget.value })}
        />
      </Field>
      <Field label="Environment, NAME=value, one a line">
        <textarea
          rows={2}
          className={areaClass}
          value={typed.env}
          onChange={(event) => onChange({ env: event.currentTarget.value })}
        />
      </Field>
    </>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="flex flex-col gap-1">
      {label}
      {children}
    </label>
  );
}
