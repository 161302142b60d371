import type { ShortcutAction } from "./shortcut-list.ts";

type PageAction = Exclude<ShortcutAction, { readonly kind: "open" } | { readonly kind: "go" }>;

/** Does on the present page what a key asks for; nothing where the page has no such thing. */
export function performOnPage(action: PageAction, page: Document): void {
  switch (action.kind) {
    case "search":
      page.querySelector<HTMLElement>('[data-shortcut="search"]')?.focus();
      return;
    case "press":
      page.querySelector<HTMLElement>(`[data-shortcut="${action.target}"]`)?.click();
      return;
    case "next-row":
      focusRow(page, 1);
      return;
    case "previous-row":
      focusRow(page, -1);
      return;
    default:
      action satisfies never;
  }
}

/** Rows are opened by the link in their first cell; that is what gets the focus. */
function focusRow(page: Document, step: 1 | -1): void {
  const links = [...page.querySelectorAll<HTMLElement>("[data-row-link], .data-row > :first-child a")];
  const present = links.findIndex((link) => rowOf(link).contains(page.activeElement));
  const next = present === -1 ? (step === 1 ? 0 : links.length - 1) : present + step;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

function rowOf(link: HTMLElement): Element {
  return link.closest(".data-row") ?? link;
}
