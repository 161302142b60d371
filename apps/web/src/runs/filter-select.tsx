export interface FilterSelectProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Gets an empty text for "any". */
  readonly onSelect: (value: string) => void;
}

/** One choice of a filter; "any" is the first. */
export function FilterSelect({ label, value, options, onSelect }: FilterSelectProps) {
  return (
    <label className="contents">
      <span className="sr-only">{label}</span>
      <select
        className="field max-w-44 max-sm:max-w-none max-sm:flex-1 max-sm:basis-28"
        value={value ?? ""}
        onChange={(event) => onSelect(event.currentTarget.value)}
      >
        <option value="">Any {label.toLowerCase()}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
