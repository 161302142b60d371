import { anyTokenShape } from "./token-shapes.ts";

/** Shorter values ("1", "yes", "dev") are no secrets, and masking them would blot out every log line. */
const minimumSecretLength = 4;
/** Words that configuration, logs and JSON are full of; masking them would hide nothing and blot out much. */
const commonWords = new Set(
  [
    "true false null none auto default always never",
    "trace debug verbose info warn warning error silent",
    "development production test staging localhost 127.0.0.1 utf-8 json",
  ].flatMap((line) => line.split(" ")),
);
/** A mask must share no character with a secret, or the mask and the text beside it could spell one. */
const maskCharacter = "*";
const firstSpareCodePoint = 0x2588;

/** Masks what must not be shown or stored. */
export type Redactor = (text: string) => string;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Gives a function that masks the secrets in a text, plus what looks like a well-known token.
 * Values shorter than 4 characters and common words of configuration (true, info, production, …) are left alone.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = [...new Set(secrets.flatMap(spellings))]
    .filter((needle) => needle.length >= minimumSecretLength && !commonWords.has(needle.toLowerCase()))
    .toSorted((left, right) => right.length - left.length);
  const mask = maskFor(needles);
  return (text) => {
    const spans = [...spansOfSecrets(text, needles), ...spansOfTokens(text)];
    return spans.length === 0 ? text : maskSpans({ text, spans, mask });
  };
}

function maskFor(needles: readonly string[]): string {
  const isFree = (character: string): boolean => needles.every((needle) => !needle.includes(character));
  let character = maskCharacter;
  for (let codePoint = firstSpareCodePoint; !isFree(character); codePoint += 1)
    character = String.fromCodePoint(codePoint);
  return character.repeat(3);
}

/** A secret shows up as it is, trimmed, line by line, inside JSON or inside a URL. */
function spellings(secret: string): readonly string[] {
  const lines = secret.includes("\n") ? secret.split(/\r?\n/) : [];
  return [secret, secret.trim(), ...lines.map((line) => line.trim())].flatMap((form) => [
    form,
    JSON.stringify(form).slice(1, -1),
    encodeURIComponent(form.toWellFormed()),
  ]);
}

function spansOfSecrets(text: string, needles: readonly string[]): readonly Span[] {
  return needles.flatMap((needle) => {
    const spans: Span[] = [];
    // One step at a time, so that occurrences that overlap each other are all found.
    for (let start = text.indexOf(needle); start !== -1; start = text.indexOf(needle, start + 1)) {
      spans.push({ start, end: start + needle.length });
    }
    return spans;
  });
}

function spansOfTokens(text: string): readonly Span[] {
  return Array.from(text.matchAll(anyTokenShape), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function maskSpans({ text, spans, mask }: { text: string; spans: readonly Span[]; mask: string }): string {
  let masked = "";
  let position = 0;
  for (const { start, end } of spans.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    if (start >= position) masked += `${text.slice(position, start)}${mask}`;
    position = Math.max(position, end);
  }
  return masked + text.slice(position);
}
