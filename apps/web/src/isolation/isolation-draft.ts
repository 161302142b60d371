import { fieldOf, valueOf, type SettingValue } from "./setting-fields.ts";

/** A setting that a person is about to change. */
export interface DraftSetting {
  readonly key: string;
  readonly text: string;
  /** It is taken out of the server's section, so that what holds for all holds again. */
  readonly isRemoved: boolean;
}

export type DraftChange =
  | { readonly key: string; readonly operation: "set"; readonly value: SettingValue }
  | { readonly key: string; readonly operation: "remove" };

/** The changes of a draft; those that are not complete yet are left out. */
export function changesOf(draft: readonly DraftSetting[]): DraftChange[] {
  return draft.flatMap(({ key, text, isRemoved }): readonly DraftChange[] => {
    if (isRemoved) return [{ key, operation: "remove" }];
    const value = valueOf(fieldOf(key), text);
    return value === undefined ? [] : [{ key, operation: "set", value }];
  });
}
