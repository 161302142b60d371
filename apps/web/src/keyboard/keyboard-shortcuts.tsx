"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { defaultKeybindingsHandlerIgnore, tinykeys } from "tinykeys";
import { performOnPage } from "./perform-action.ts";
import { shortcuts, type ShortcutAction } from "./shortcut-list.ts";
import { areShortcutsOn } from "./shortcut-setting.ts";

// Loaded when first asked for: no page's first load pays for them.
const CommandPalette = dynamic(async () => (await import("./command-palette.tsx")).CommandPalette, { ssr: false });
const ShortcutSheet = dynamic(async () => (await import("./shortcut-sheet.tsx")).ShortcutSheet, { ssr: false });

type OpenDialog = "palette" | "sheet" | undefined;

/** Listens to the keys of the whole page, and shows the two dialogs that belong to them. */
export function KeyboardShortcuts() {
  const router = useRouter();
  const [dialog, setDialog] = useState<OpenDialog>();
  useEffect(() => {
    const perform = (action: ShortcutAction): void => {
      if (action.kind === "open") setDialog(action.dialog);
      else if (action.kind === "go") router.push(action.href);
      else performOnPage(action, document);
    };
    const bind = (isAlwaysOn: boolean) =>
      Object.fromEntries(
        shortcuts
          .filter((shortcut) => (shortcut.isAlwaysOn ?? false) === isAlwaysOn)
          .map(({ keys, action }) => [keys, (event: KeyboardEvent) => runOnce(event, () => perform(action))]),
      );
    const stopAlways = tinykeys(window, bind(true), { ignore: () => false });
    const stopPlain = tinykeys(window, bind(false), { ignore: isForSomethingElse });
    return () => {
      stopAlways();
      stopPlain();
    };
  }, [router]);
  const close = (): void => setDialog(undefined);
  return (
    <>
      {dialog === "palette" && <CommandPalette onClose={close} onShowShortcuts={() => setDialog("sheet")} />}
      {dialog === "sheet" && <ShortcutSheet onClose={close} />}
    </>
  );
}

function runOnce(event: KeyboardEvent, perform: () => void): void {
  event.preventDefault();
  perform();
}

/** Typing, a dialog, or a visitor who wants no shortcuts. */
function isForSomethingElse(event: KeyboardEvent): boolean {
  return defaultKeybindingsHandlerIgnore(event) || document.querySelector("dialog[open]") !== null || !areShortcutsOn();
}
