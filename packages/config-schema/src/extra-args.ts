import * as z from "zod";
import { containerPathField, volumeField } from "./config-fields.ts";
import { defaultWording } from "./describe-problem.ts";
import { settingOfFlag, type FlagSetting } from "./docker-flags.ts";
import { isolationShape } from "./isolation-shape.ts";
import { isSwitch, refusedFlag } from "./refused-flags.ts";

interface ParsedFlag {
  readonly index: number;
  readonly flag: string;
  readonly key: string;
  readonly value: unknown;
}
interface FlagProblem {
  readonly index: number;
  readonly message: string;
  readonly remedy: string;
}
interface ReadFlags {
  readonly flags: readonly ParsedFlag[];
  readonly problems: readonly FlagProblem[];
}

const valuesSchema = z.object({
  ...isolationShape,
  working_dir: containerPathField.optional(),
  volumes: z.array(volumeField).optional(),
});

/** Adds an issue for each flag that is unknown, refused, wrong, or contradicts a key beside it. */
export function checkExtraArgs(
  raw: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
  level: "global" | "server",
): void {
  const { flags, problems } = readFlags(raw["extra_args"]);
  const found = [
    ...problems,
    ...repeated(flags),
    ...(level === "global" ? misplaced(flags) : []),
    ...contradictions(flags, raw),
    ...flags.flatMap(wrongValue),
  ];
  for (const { index, message, remedy } of found)
    context.addIssue({ code: "custom", path: ["extra_args", index], message, params: { remedy } });
}

/** The values of extra_args, under the names of their keys; call it only for what `checkExtraArgs` accepted. */
export function extraValues(extraArgs: readonly string[] | undefined): z.output<typeof valuesSchema> {
  if (extraArgs === undefined || extraArgs.length === 0) return {};
  const parsed = valuesSchema.safeParse(collect(readFlags(extraArgs).flags));
  return parsed.success ? parsed.data : {};
}

function readFlags(extraArgs: unknown): ReadFlags {
  const words = Array.isArray(extraArgs) ? extraArgs.filter((word) => typeof word === "string") : [];
  const flags: ParsedFlag[] = [];
  const problems: FlagProblem[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const at = index;
    const { flag, value: joined } = splitFlag(words[index] ?? "");
    const setting = settingOfFlag(flag);
    if (setting === undefined) {
      problems.push({ index: at, ...refusal(flag) });
      if (joined === undefined && hasValueBehind(flag, words[index + 1])) index += 1;
      continue;
    }
    const value = joined ?? (setting.kind === "switch" ? "true" : words[(index += 1)]);
    if (value === undefined) problems.push({ index: at, ...withoutValue(flag) });
    else flags.push(parsedFlag(setting, { index: at, flag, text: value }));
  }
  return { flags, problems };
}

function parsedFlag(
  setting: FlagSetting,
  { index, flag, text }: { readonly index: number; readonly flag: string; readonly text: string },
): ParsedFlag {
  return { index, flag, key: setting.key, value: setting.toValue(text) };
}

/** The value of a flag that is refused is no second problem, and may be a secret. */
function hasValueBehind(flag: string, next: string | undefined): boolean {
  return flag.startsWith("-") && !isSwitch(flag) && next !== undefined && !next.startsWith("-");
}

/** "--flag=value", "--flag", "-m512m", "-m=512m" and "-it" as docker reads them. */
function splitFlag(word: string): { readonly flag: string; readonly value: string | undefined } {
  const long = /^(--[^=]+)=([\s\S]*)$/.exec(word);
  if (long !== null) return { flag: long[1] ?? word, value: long[2] };
  const short = isSwitch(word) ? null : /^(-[A-Za-z])=?([\s\S]+)$/.exec(word);
  return short === null ? { flag: word, value: undefined } : { flag: short[1] ?? word, value: short[2] };
}

/** Shows the name of a flag and nothing behind it, which may be a secret. */
function refusal(flag: string): Omit<FlagProblem, "index"> {
  if (!flag.startsWith("-"))
    return {
      message: "an entry is not a flag: only flags of docker run and their values may stand here.",
      remedy: 'Write the image as "image", and what the server gets as "args" of the server.',
    };
  const name = flag.split(/\s/)[0] ?? flag;
  const shown = JSON.stringify(name.slice(0, 60));
  if (name !== flag)
    return {
      message: `${shown} and its value are in one entry.`,
      remedy: `Write "${name.slice(0, 60)}=…", or two entries.`,
    };
  const known = refusedFlag(flag);
  if (known !== undefined) return { message: `${shown} is not allowed: ${known.why}`, remedy: known.remedy };
  return {
    message: `${shown} is not a flag that MCPProxy passes on.`,
    remedy: "Use the keys of isolation; extra_args takes only flags that have one.",
  };
}

function withoutValue(flag: string): Omit<FlagProblem, "index"> {
  return { message: `${flag} needs a value.`, remedy: `Write "${flag}=…".` };
}

/** A flag for a single value that stands twice, or a limit with the same name: docker would silently take the last. */
function repeated(flags: readonly ParsedFlag[]): readonly FlagProblem[] {
  return flags.flatMap(({ flag, index, ...said }, position) => {
    const first = flags.slice(0, position).find((other) => saysTheSame(other, said));
    if (first === undefined) return [];
    const message = first.flag === flag ? `${flag} is given twice.` : `${flag} says the same as ${first.flag}.`;
    return [{ index, message, remedy: "Remove one of them." }];
  });
}

function saysTheSame(one: Pick<ParsedFlag, "key" | "value">, other: Pick<ParsedFlag, "key" | "value">): boolean {
  if (one.key !== other.key || Array.isArray(one.value)) return false;
  const [names, otherNames] = [namesIn(one.value), namesIn(other.value)];
  return names === undefined || (otherNames?.some((name) => names.includes(name)) ?? true);
}

function namesIn(value: unknown): readonly string[] | undefined {
  return isRecord(value) ? Object.keys(value) : undefined;
}

function misplaced(flags: readonly ParsedFlag[]): readonly FlagProblem[] {
  return flags
    .filter(({ key }) => !Object.hasOwn(isolationShape, key))
    .map(({ index, flag, key }) => ({
      index,
      message: `${flag} cannot hold for all servers.`,
      remedy: `Set ${key} in the isolation of the server that needs it.`,
    }));
}

function contradictions(flags: readonly ParsedFlag[], raw: Readonly<Record<string, unknown>>): readonly FlagProblem[] {
  return flags
    .filter(({ key }) => raw[key] !== undefined)
    .map(({ index, flag, key }) => ({
      index,
      message: `${flag} contradicts ${key}, which is set here too.`,
      remedy: "Remove one of them.",
    }));
}

function wrongValue({ index, flag, key, value }: ParsedFlag): readonly FlagProblem[] {
  const parsed = valuesSchema.safeParse({ [key]: value }, { error: defaultWording });
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => {
    const inner = issue.code === "invalid_key" ? (issue.issues[0] ?? issue) : issue;
    const remedy = inner.code === "custom" ? inner.params?.["remedy"] : undefined;
    return {
      index,
      message: `${flag}: ${inner.message}`,
      remedy: typeof remedy === "string" ? remedy : `It is the same as the key ${key}.`,
    };
  });
}

function collect(flags: readonly ParsedFlag[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { key, value } of flags) {
    const before = values[key];
    if (Array.isArray(before) && Array.isArray(value)) values[key] = [...before, ...value];
    else if (isRecord(before) && isRecord(value)) values[key] = { ...before, ...value };
    else values[key] = value;
  }
  return values;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
