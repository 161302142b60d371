"use client";

import { Menu } from "../ui/menu.tsx";

export interface FacetChoice {
  readonly value: string;
  readonly label: string;
  /** How many runs it has; undefined while that is not known. */
  readonly runs: number | undefined;
}

export interface FacetMenuProps {
  readonly label: string;
  readonly choices: readonly FacetChoice[];
  readonly chosen: readonly string[];
  readonly onChoose: (values: readonly string[]) => void;
}

/** The values of one field with how many runs each has; several may be chosen. */
export function FacetMenu({ label, choices, chosen, onChoose }: FacetMenuProps) {
  const toggle = (value: string): void =>
    onChoose(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <Menu
      isActive={chosen.length > 0}
      label={chosen.length === 0 ? label : `${label}: ${chosenWords(choices, chosen)}`}
    >
      <fieldset>
        <legend className="sr-only">{label}</legend>
        {choices.length === 0 && <p className="px-1 text-soft">No run has any.</p>}
        {choices.map((choice) => (
          <label
            key={choice.value}
            className="flex cursor-pointer items-center gap-2 rounded px-1 py-1 hover:bg-sunken"
          >
            <input type="checkbox" checked={chosen.includes(choice.value)} onChange={() => toggle(choice.value)} />
            <span className="min-w-0 flex-1 wrap-anywhere">{choice.label}</span>
            {choice.runs !== undefined && (
              <span className="pl-3 text-xs text-soft tabular-nums">{choice.runs.toLocaleString("en")}</span>
            )}
          </label>
        ))}
      </fieldset>
    </Menu>
  );
}

function chosenWords(choices: readonly FacetChoice[], chosen: readonly string[]): string {
  const [first] = chosen;
  if (chosen.length > 1) return `${chosen.length} of ${choices.length}`;
  return choices.find(({ value }) => value === first)?.label ?? first ?? "";
}
