"use client";

import Link from "next/link";
import { useState, useSyncExternalStore } from "react";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import {
  builtInViews,
  readSavedViews,
  removeView,
  saveView,
  subscribeToSavedViews,
  type SavedView,
} from "./saved-views.ts";

const noViews: readonly SavedView[] = [];

/** Views with a name: those that ship, and the visitor's own. */
export function ViewsMenu({ query }: { query: string }) {
  const own = useSyncExternalStore(subscribeToSavedViews, readSavedViews, () => noViews);
  const present = [...builtInViews, ...own].find((view) => view.query === query);
  return (
    <Menu isActive={present !== undefined} label={present?.name ?? "Views"}>
      <ul className="flex flex-col">
        {builtInViews.map((view) => (
          <ViewLine key={view.name} view={view} isPresent={view === present} />
        ))}
        {own.map((view) => (
          <ViewLine key={view.name} view={view} isPresent={view === present} onRemove={() => removeView(view.name)} />
        ))}
      </ul>
      <SaveViewForm query={query} />
    </Menu>
  );
}

interface ViewLineProps {
  readonly view: SavedView;
  readonly isPresent: boolean;
  readonly onRemove?: () => void;
}

function ViewLine({ view, isPresent, onRemove }: ViewLineProps) {
  return (
    <li className="flex items-center gap-2">
      <Link
        href={`/runs?${view.query}`}
        aria-current={isPresent ? "true" : undefined}
        className="flex-1 rounded px-1 py-1 hover:bg-sunken aria-[current]:font-medium"
      >
        {view.name}
      </Link>
      {onRemove !== undefined && (
        <Button label={`Remove the view ${view.name}`} onClick={onRemove}>
          Remove
        </Button>
      )}
    </li>
  );
}

function SaveViewForm({ query }: { query: string }) {
  const [name, setName] = useState("");
  const save = (): void => {
    saveView({ name: name.trim(), query });
    setName("");
  };
  return (
    <form
      className="mt-2 flex gap-1.5 border-t border-line pt-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") save();
      }}
    >
      <label className="contents">
        <span className="sr-only">Name of the view</span>
        <input
          className="field min-w-0 flex-1 placeholder:text-soft"
          placeholder="Name this view"
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <Button isDisabled={name.trim() === ""} onClick={save}>
        Save
      </Button>
    </form>
  );
}
