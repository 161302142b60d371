"use client";

import { useId, useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Section } from "../ui/section.tsx";
import { changesOf, type DraftSetting } from "./isolation-draft.ts";
import { IsolationProposal } from "./isolation-proposal.tsx";
import { fieldOf, firstText, serverOnlyKeys } from "./setting-fields.ts";
import { SettingInput } from "./setting-input.tsx";

/** Changes the settings of a server: what is typed is planned at once, and written only when it is saved. */
export function IsolationEditor({ server }: { server: ServerRecord }) {
  const { name } = server;
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const plan = useQuery(trpc.servers.plan.queryOptions({ name })).data;
  const [draft, setDraft] = useState<readonly DraftSetting[]>([]);
  const save = useMutation(
    trpc.servers.changeIsolation.mutationOptions({
      onSuccess: () => {
        setDraft([]);
        void queryClient.invalidateQueries(trpc.servers.plan.queryFilter({ name }));
        void queryClient.invalidateQueries(trpc.servers.configEntry.queryFilter({ name }));
      },
    }),
  );
  const settings = plan?.settings ?? [];
  const keys = [...serverOnlyKeys, ...settings.map(({ key }) => key)].filter(
    (key) => !draft.some((each) => each.key === key),
  );
  const add = (key: string): void => {
    const known = settings.find((setting) => setting.key === key);
    const text = firstText(fieldOf(key), known?.server ?? known?.effective ?? null);
    save.reset();
    setDraft([...draft, { key, text, isRemoved: false }]);
  };
  const replace = (key: string, next: DraftSetting | undefined): void =>
    setDraft(draft.flatMap((each) => (each.key === key ? (next ?? []) : [each])));
  const changes = changesOf(draft);
  return (
    <Section title="Change settings">
      <div className="flex flex-col gap-3">
        {draft.map((setting) => (
          <DraftRow
            key={setting.key}
            setting={setting}
            isSetHere={settings.some(({ key, server: value }) => key === setting.key && value !== null)}
            onChange={(next) => replace(setting.key, next)}
          />
        ))}
        <AddSetting keys={keys} onAdd={add} />
        {save.isSuccess && draft.length === 0 && (
          <p role="status" className="flex items-start gap-1 text-[13px] text-good">
            <Icon name="check" className="mt-0.5 size-3.5" />
            Saved; the server {server.run === null ? "starts" : "restarts"} with it.
          </p>
        )}
        {changes.length > 0 && <IsolationProposal name={name} changes={changes} save={save} />}
        {save.isError && (
          <p role="alert" className="text-xs text-bad wrap-anywhere">
            {describeFailure(save.error).message}
          </p>
        )}
      </div>
    </Section>
  );
}

function AddSetting({ keys, onAdd }: { keys: readonly string[]; onAdd: (key: string) => void }) {
  return (
    <label className="flex flex-wrap items-center gap-2 text-[13px]">
      Setting
      <select
        className="field"
        value=""
        onChange={(event) => {
          if (event.currentTarget.value !== "") onAdd(event.currentTarget.value);
        }}
      >
        <option value="">Choose one to change</option>
        {keys.map((key) => (
          <option key={key} value={key}>
            {key}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DraftRowProps {
  readonly setting: DraftSetting;
  readonly isSetHere: boolean;
  readonly onChange: (next: DraftSetting | undefined) => void;
}

function DraftRow({ setting, isSetHere, onChange }: DraftRowProps) {
  const id = useId();
  const { key, text, isRemoved } = setting;
  return (
    <div className="grid items-start gap-2 sm:grid-cols-[12rem_minmax(0,24rem)_auto]">
      <label htmlFor={id} className="pt-1.5 text-[13px]">
        <code>{key}</code>
      </label>
      {isRemoved ? (
        <p id={id} className="pt-1.5 text-[13px] text-soft">
          Taken out: what holds for all servers holds.
        </p>
      ) : (
        <SettingInput
          id={id}
          field={fieldOf(key)}
          text={text}
          onChange={(next) => onChange({ ...setting, text: next })}
        />
      )}
      <div className="flex gap-1.5">
        {isSetHere && (
          <Button
            label={isRemoved ? `Keep ${key}` : `Take out ${key}`}
            onClick={() => onChange({ ...setting, isRemoved: !isRemoved })}
          >
            {isRemoved ? "Keep" : "Take out"}
          </Button>
        )}
        <Button label={`Cancel the change of ${key}`} onClick={() => onChange(undefined)}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
