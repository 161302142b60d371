import { printRunView } from "./run-view.ts";

/** A view with a name; `query` is its query string. */
export interface SavedView {
  readonly name: string;
  readonly query: string;
}

const none: ReadonlySet<string> = new Set();

/** Ship with the product. */
export const builtInViews: readonly SavedView[] = [
  {
    name: "OOM last 24 h",
    query: printRunView({
      filter: { verdict: ["oom_killed", "oom_child", "oom_likely", "oom_heap", "host_oom"], last: "24h" },
      changedColumns: none,
    }),
  },
  {
    name: "Crashes last 7 days",
    query: printRunView({
      filter: { verdict: ["sigkill_unknown", "crashed_signal", "app_error", "killed_outside"], last: "7d" },
      changedColumns: none,
    }),
  },
  {
    name: "Did not start, last 7 days",
    query: printRunView({
      filter: {
        verdict: ["start_failed", "image_failed", "handshake_failed", "package_failed", "engine_unavailable"],
        last: "7d",
      },
      changedColumns: none,
    }),
  },
  {
    name: "Alive now",
    query: printRunView({
      filter: { state: ["pulling", "creating", "starting", "initializing", "ready", "stopping"] },
      changedColumns: none,
    }),
  },
];

const storageKey = "mcpproxy.runs.views";
const maxViews = 50;
const listeners = new Set<() => void>();
let cached: { readonly text: string | null; readonly views: readonly SavedView[] } = { text: null, views: [] };

/** The visitor's own views, kept in the browser. */
export function readSavedViews(): readonly SavedView[] {
  const text = readStorage();
  if (text !== cached.text) cached = { text, views: parseViews(text) };
  return cached.views;
}

/** Adds a view; one of the same name is replaced. */
export function saveView(view: SavedView): void {
  const others = readSavedViews().filter(({ name }) => name !== view.name);
  writeStorage([...others, view].slice(-maxViews));
}

export function removeView(name: string): void {
  writeStorage(readSavedViews().filter((view) => view.name !== name));
}

export function subscribeToSavedViews(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** What is stored, as far as it makes sense. */
export function parseViews(text: string | null): readonly SavedView[] {
  try {
    const stored: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(stored) ? stored.filter(isView).slice(0, maxViews) : [];
  } catch {
    // Another program wrote there, or an old version: it is no list of views.
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== "object" || value === null || !("name" in value) || !("query" in value)) return false;
  return typeof value.name === "string" && typeof value.query === "string";
}

function readStorage(): string | null {
  try {
    return window.localStorage.getItem(storageKey);
  } catch {
    // Storage is blocked: there are no views of one's own.
    return null;
  }
}

function writeStorage(views: readonly SavedView[]): void {
  try {
    window.localStorage.setItem(storageKey, JSON.stringify(views));
  } catch {
    // Storage is blocked or full: the view is not kept.
  }
  for (const listener of listeners) listener();
}
