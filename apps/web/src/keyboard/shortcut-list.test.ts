import { parseKeybinding } from "tinykeys";
import { expect, test } from "vitest";
import { shortcuts } from "./shortcut-list.ts";

test("every shortcut has keys of its own, and words for the sheet", () => {
  const keys = shortcuts.map(({ keys: printed }) => JSON.stringify(parseKeybinding(printed).map(String)));
  expect(new Set(keys).size).toBe(shortcuts.length);
  for (const { shownKeys, description } of shortcuts) {
    expect(shownKeys.length).toBeGreaterThan(0);
    expect(description).not.toBe("");
  }
});
