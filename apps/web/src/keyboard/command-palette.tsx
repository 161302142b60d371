"use client";

import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { mainPages } from "../shell/pages.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { ModalDialog } from "../ui/modal-dialog.tsx";
import { runIdIn } from "./run-id-in.ts";

export interface CommandPaletteProps {
  readonly onClose: () => void;
  readonly onShowShortcuts: () => void;
}

const groupClass =
  "[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-soft";
const itemClass =
  "flex cursor-pointer items-center justify-between gap-3 rounded-md px-3 py-1.5 text-[13px] aria-selected:bg-sunken";

/** Goes anywhere by typing a part of its name; text that is no name is searched for in the runs. */
export function CommandPalette({ onClose, onShowShortcuts }: CommandPaletteProps) {
  const router = useRouter();
  const servers = useQuery(useTrpc().servers.list.queryOptions()).data ?? [];
  const [typed, setTyped] = useState("");
  const text = typed.trim();
  const runId = runIdIn(text);
  const go = (href: string): void => {
    onClose();
    router.push(href);
  };
  return (
    <ModalDialog label="Command palette" onClose={onClose}>
      <Command label="Go to" loop>
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          data-initial-focus
          placeholder="Go to a page, a server, a run…"
          className="h-11 w-full border-b border-line bg-transparent px-4 text-sm outline-none placeholder:text-soft"
        />
        <Command.List className="max-h-[50vh] overflow-auto p-1.5">
          <Command.Group heading="Pages" className={groupClass}>
            {mainPages.map(({ href, label, key }) => (
              <Command.Item key={href} value={`page ${label}`} onSelect={() => go(href)} className={itemClass}>
                {label}
                <kbd className="font-mono text-xs text-soft">G {key.toUpperCase()}</kbd>
              </Command.Item>
            ))}
            <Command.Item value="keyboard shortcuts help" onSelect={onShowShortcuts} className={itemClass}>
              Keyboard shortcuts
              <kbd className="font-mono text-xs text-soft">?</kbd>
            </Command.Item>
          </Command.Group>
          <Command.Group heading="Servers" className={groupClass}>
            {servers.map(({ name, state }) => (
              <Command.Item
                key={name}
                value={`server ${name}`}
                onSelect={() => go(`/servers/${encodeURIComponent(name)}`)}
                className={itemClass}
              >
                <span className="font-mono">{name}</span>
                <span className="text-xs text-soft">{state.replaceAll("_", " ")}</span>
              </Command.Item>
            ))}
          </Command.Group>
          {text !== "" && (
            <Command.Group heading="Runs" forceMount className={groupClass}>
              {runId !== undefined && (
                <Command.Item value={runId} forceMount onSelect={() => go(`/runs/${runId}`)} className={itemClass}>
                  Open run {runId}
                </Command.Item>
              )}
              <Command.Item
                value={`search ${text}`}
                forceMount
                onSelect={() => go(`/runs?text=${encodeURIComponent(text)}`)}
                className={itemClass}
              >
                Search the runs for “{text}”
              </Command.Item>
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </ModalDialog>
  );
}
