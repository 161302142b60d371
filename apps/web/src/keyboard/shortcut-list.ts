import { mainPages } from "../shell/pages.ts";

/** What a key does; `target` is the value of the `data-shortcut` attribute of what it presses. */
export type ShortcutAction =
  | { readonly kind: "open"; readonly dialog: "palette" | "sheet" }
  | { readonly kind: "search" | "next-row" | "previous-row" }
  | { readonly kind: "go"; readonly href: string }
  | { readonly kind: "press"; readonly target: string };

export interface Shortcut {
  /** In the notation of tinykeys. */
  readonly keys: string;
  /** As printed on the keyboard. */
  readonly shownKeys: readonly string[];
  readonly description: string;
  readonly action: ShortcutAction;
  /** Works inside fields and cannot be turned off: it needs a modifier, so nobody types it by accident. */
  readonly isAlwaysOn?: boolean;
}

/** Many keyboards have brackets on the third level only. */
const bracketModifiers = "[Control]+[Alt]+[AltGraph]+[Shift]+";

/** Every shortcut there is: the one source of what works and of what the sheet shows. */
export const shortcuts: readonly Shortcut[] = [
  {
    keys: "$mod+k",
    shownKeys: ["Ctrl", "K"],
    description: "Open the command palette",
    action: { kind: "open", dialog: "palette" },
    isAlwaysOn: true,
  },
  { keys: "[Shift]+?", shownKeys: ["?"], description: "Show the shortcuts", action: { kind: "open", dialog: "sheet" } },
  { keys: "[Shift]+/", shownKeys: ["/"], description: "Go to the search of the page", action: { kind: "search" } },
  { keys: "j", shownKeys: ["J"], description: "Next row", action: { kind: "next-row" } },
  { keys: "k", shownKeys: ["K"], description: "Previous row", action: { kind: "previous-row" } },
  {
    keys: `${bracketModifiers}(\\[)`,
    shownKeys: ["["],
    description: "Newer one (run, page)",
    action: { kind: "press", target: "newer" },
  },
  {
    keys: `${bracketModifiers}(\\])`,
    shownKeys: ["]"],
    description: "Older one (run, page)",
    action: { kind: "press", target: "older" },
  },
  ...mainPages.map(({ key, label, href }): Shortcut => ({
    keys: `g ${key}`,
    shownKeys: ["G", key.toUpperCase()],
    description: `Go to ${label}`,
    action: { kind: "go", href },
  })),
];
