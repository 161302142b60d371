"use client";

import type { SettingField } from "./setting-fields.ts";

export interface SettingInputProps {
  readonly id: string;
  readonly field: SettingField;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** The field of one setting. */
export function SettingInput({ id, field, text, onChange }: SettingInputProps) {
  switch (field.kind) {
    case "switch":
      return <Choice id={id} choices={["true", "false"]} text={text} onChange={onChange} />;
    case "choice":
      return <Choice id={id} choices={field.choices} text={text} onChange={onChange} />;
    case "lines":
    case "json":
      return (
        <textarea
          id={id}
          rows={3}
          className="w-full rounded-md border border-line bg-surface p-2 font-mono text-xs"
          placeholder={field.kind === "lines" ? "One a line" : '{ "key": "value" }'}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "text":
    case "number":
      return (
        <input
          id={id}
          className="field w-full"
          inputMode={field.kind === "number" ? "numeric" : "text"}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return field satisfies never;
  }
}

function Choice({ id, choices, text, onChange }: Omit<SettingInputProps, "field"> & { choices: readonly string[] }) {
  return (
    <select id={id} className="field w-full" value={text} onChange={(event) => onChange(event.currentTarget.value)}>
      {!choices.includes(text) && <option value={text}>{text === "" ? "Choose" : text}</option>}
      {choices.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
}
