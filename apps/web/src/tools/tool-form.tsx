"use client";

import { useId } from "react";
import { choiceText, type ToolField } from "./tool-fields.ts";

export interface ToolFormProps {
  readonly fields: readonly ToolField[];
  readonly texts: Readonly<Record<string, string>>;
  readonly onChange: (texts: Readonly<Record<string, string>>) => void;
  /** The arguments as one text of JSON, instead of the fields. */
  readonly raw: string | undefined;
  readonly onRaw: (text: string) => void;
}

const areaClass = "w-full rounded-md border border-line bg-surface p-2 font-mono text-xs";

/** A field for each argument of a tool, or one for all of them as JSON. */
export function ToolForm({ fields, texts, onChange, raw, onRaw }: ToolFormProps) {
  if (raw !== undefined) {
    return (
      <label className="flex flex-col gap-1 text-[13px]">
        Arguments
        <textarea rows={8} className={areaClass} value={raw} onChange={(event) => onRaw(event.currentTarget.value)} />
      </label>
    );
  }
  if (fields.length === 0) return <p className="text-[13px] text-soft">It takes no arguments.</p>;
  return fields.map((field) => (
    <FieldRow
      key={field.name}
      field={field}
      text={texts[field.name] ?? ""}
      onChange={(text) => onChange({ ...texts, [field.name]: text })}
    />
  ));
}

interface FieldRowProps {
  readonly field: ToolField;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function FieldRow({ field, text, onChange }: FieldRowProps) {
  const id = useId();
  return (
    <div className="flex max-w-xl flex-col gap-1 text-[13px]">
      <label htmlFor={id}>
        {field.label} {!field.isRequired && <span className="text-soft">optional</span>}
      </label>
      <FieldInput id={id} field={field} text={text} onChange={onChange} />
      {field.description !== null && (
        <span id={`${id}-about`} className="text-xs wrap-anywhere text-soft">
          {field.description}
        </span>
      )}
    </div>
  );
}

function FieldInput({ id, field, text, onChange }: FieldRowProps & { id: string }) {
  const { input, isRequired, description } = field;
  const shared = {
    id,
    value: text,
    "aria-required": isRequired,
    "aria-describedby": description === null ? undefined : `${id}-about`,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => onChange(event.currentTarget.value),
  };
  switch (input.kind) {
    case "switch":
      return <Choice {...shared} choices={["true", "false"]} />;
    case "choice":
      return <Choice {...shared} choices={input.choices.map(choiceText)} />;
    case "lines":
    case "json":
      return (
        <textarea
          {...shared}
          rows={3}
          className={areaClass}
          placeholder={input.kind === "lines" ? "One a line" : "JSON"}
        />
      );
    case "number":
    case "integer":
      return <input {...shared} className="field" inputMode="decimal" />;
    case "text":
      return text.includes("\n") ? (
        <textarea {...shared} rows={3} className={areaClass} />
      ) : (
        <input {...shared} className="field" />
      );
    default:
      return input satisfies never;
  }
}

function Choice({
  choices,
  ...shared
}: {
  choices: readonly string[];
  id: string;
  value: string;
  onChange: (event: { readonly currentTarget: { readonly value: string } }) => void;
}) {
  return (
    <select {...shared} className="field">
      <option value="">Not set</option>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}
