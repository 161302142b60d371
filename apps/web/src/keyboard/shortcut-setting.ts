const storageKey = "mcpproxy.shortcuts";
const listeners = new Set<() => void>();

/** Whether keys without a modifier do something; a visitor can turn that off (WCAG 2.1.4). */
export function areShortcutsOn(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== "off";
  } catch {
    // Storage is blocked: the default holds.
    return true;
  }
}

export function setShortcutsOn(areOn: boolean): void {
  try {
    window.localStorage.setItem(storageKey, areOn ? "on" : "off");
  } catch {
    // Storage is blocked: the setting cannot be kept.
  }
  for (const listener of listeners) listener();
}

export function subscribeToShortcutSetting(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
