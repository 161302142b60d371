"use client";

import { useSyncExternalStore } from "react";
import { Button } from "../ui/button.tsx";
import { ModalDialog } from "../ui/modal-dialog.tsx";
import { shortcuts, type Shortcut } from "./shortcut-list.ts";
import { areShortcutsOn, setShortcutsOn, subscribeToShortcutSetting } from "./shortcut-setting.ts";

/** All shortcuts, and the switch that turns the ones without a modifier off. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const areOn = useSyncExternalStore(subscribeToShortcutSetting, areShortcutsOn, () => true);
  return (
    <ModalDialog label="Keyboard shortcuts" onClose={onClose}>
      <div className="flex flex-col gap-3 p-4">
        <h2 className="text-sm font-semibold">Keyboard shortcuts</h2>
        <dl className="flex flex-col text-[13px]">
          {shortcuts.map((shortcut) => (
            <ShortcutLine key={shortcut.keys} shortcut={shortcut} isOn={areOn || shortcut.isAlwaysOn === true} />
          ))}
        </dl>
        <div className="flex items-center justify-between gap-3 border-t border-line pt-3">
          <label className="flex items-center gap-2 text-[13px]">
            <input type="checkbox" checked={areOn} onChange={(event) => setShortcutsOn(event.target.checked)} />
            Single-key shortcuts
          </label>
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </ModalDialog>
  );
}

function ShortcutLine({ shortcut, isOn }: { shortcut: Shortcut; isOn: boolean }) {
  return (
    <div className={`flex items-center justify-between gap-4 py-1 ${isOn ? "" : "text-soft line-through"}`}>
      <dt>{shortcut.description}</dt>
      <dd className="flex gap-1">
        {shortcut.shownKeys.map((key) => (
          <kbd key={key} className="min-w-5 rounded bg-sunken px-1.5 py-0.5 text-center font-mono text-xs">
            {key}
          </kbd>
        ))}
      </dd>
    </div>
  );
}
