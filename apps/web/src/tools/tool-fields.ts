/** One argument of a tool as a form asks for it. */
export interface ToolField {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly isRequired: boolean;
  readonly input: ToolInput;
  readonly firstText: string;
}

export type ToolInput =
  | { readonly kind: "text" | "number" | "integer" | "lines" | "json" }
  | { readonly kind: "switch" }
  | { readonly kind: "choice"; readonly choices: readonly unknown[] };

type Schema = Readonly<Record<string, unknown>>;

/** The arguments that a tool's JSON schema names. */
export function toolFields(schema: Schema): readonly ToolField[] {
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  return Object.entries(asSchema(schema["properties"])).map(([name, value]) => {
    const property = asSchema(value);
    const input = inputOf(property);
    return {
      name,
      label: textIn(property["title"]) ?? name,
      description: textIn(property["description"]) ?? null,
      isRequired: required.has(name),
      input,
      firstText: firstTextOf(input, property["default"]),
    };
  });
}

function inputOf(property: Schema): ToolInput {
  const choices = property["enum"];
  if (Array.isArray(choices) && choices.length > 0) return { kind: "choice", choices };
  switch (typeOf(property)) {
    case "string":
      return { kind: "text" };
    case "number":
      return { kind: "number" };
    case "integer":
      return { kind: "integer" };
    case "boolean":
      return { kind: "switch" };
    case "array":
      return { kind: typeOf(asSchema(property["items"])) === "string" ? "lines" : "json" };
    default:
      return { kind: "json" };
  }
}

/** Of several types, the first that is not null. */
function typeOf({ type }: Schema): unknown {
  return Array.isArray(type) ? type.find((each) => each !== "null") : type;
}

function firstTextOf(input: ToolInput, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (input.kind === "lines" && Array.isArray(value)) return value.join("\n");
  return typeof value === "string" && input.kind !== "json" ? value : JSON.stringify(value);
}

export type ToolArguments =
  | { readonly ok: true; readonly args: Record<string, unknown> }
  | { readonly ok: false; readonly problem: string };

/** What was typed as the arguments of a call; what was left empty and need not be there is left out. */
export function toolArguments(fields: readonly ToolField[], texts: Readonly<Record<string, string>>): ToolArguments {
  const args: Record<string, unknown> = {};
  for (const field of fields) {
    const text = texts[field.name] ?? "";
    // An empty text can be meant where one is asked for.
    if (text.trim() === "" && !(field.isRequired && field.input.kind === "text")) {
      if (field.isRequired && field.input.kind !== "lines") return missing(field);
      if (field.isRequired) args[field.name] = [];
      continue;
    }
    const value = readValue(field.input, text);
    if (value === undefined) return wrong(field);
    args[field.name] = value;
  }
  return { ok: true, args };
}

function readValue(input: ToolInput, text: string): unknown {
  switch (input.kind) {
    case "text":
      return text;
    case "number":
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case "integer":
      return Number.isInteger(Number(text)) ? Number(text) : undefined;
    case "switch":
      return text === "true";
    case "lines":
      return text.split(/\r?\n/).filter((line) => line !== "");
    case "choice":
      return input.choices.find((choice) => choiceText(choice) === text);
    case "json":
      return parseJson(text);
    default:
      return input satisfies never;
  }
}

/** How a value of an enum is shown and told apart. */
export function choiceText(choice: unknown): string {
  return typeof choice === "string" ? choice : JSON.stringify(choice);
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function missing({ label }: ToolField): ToolArguments {
  return { ok: false, problem: `${label} is needed.` };
}

const expectations: Readonly<Record<ToolInput["kind"], string>> = {
  text: "a text",
  number: "a number",
  integer: "a whole number",
  switch: "true or false",
  lines: "one value a line",
  choice: "one of the choices",
  json: "valid JSON",
};

function wrong({ label, input }: ToolField): ToolArguments {
  return { ok: false, problem: `${label} is not ${expectations[input.kind]}.` };
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
