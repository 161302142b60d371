import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import type { ConfigIssue } from "./config-issue.ts";
import { issueAtOffset, type ConfigSource } from "./config-source.ts";

/** After the first errors a parser mostly reports the echo of them. */
const maximumReportedErrors = 3;

const words: Readonly<Record<string, string>> = {
  InvalidSymbol: "There is a word here that is not JSON",
  InvalidNumberFormat: "This is not a number that JSON knows",
  PropertyNameExpected: "A key in double quotes is missing here",
  ValueExpected: "A value is missing here",
  ColonExpected: "A colon is missing here",
  CommaExpected: "A comma is missing before this",
  CloseBraceExpected: "A closing } is missing here",
  CloseBracketExpected: "A closing ] is missing here",
  EndOfFileExpected: "There is text after the end of the configuration",
  UnexpectedEndOfComment: "A comment is not closed",
  UnexpectedEndOfString: "A text is not closed with a double quote",
  InvalidEscapeCharacter: "A backslash is followed by a character that JSON does not know",
  InvalidCharacter: "A text holds a control character",
};

/** The tree of a JSON text with comments and trailing commas, as far as it can be read, and what is wrong with it. */
export function readTree(source: ConfigSource): {
  readonly root: Node | undefined;
  readonly issues: readonly ConfigIssue[];
} {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(source.text, errors, { allowTrailingComma: true });
    return { root, issues: distinctPlaces(errors).map((error) => toIssue(source, error)) };
  } catch {
    // The parser is recursive: only absurd nesting overflows its stack.
    const text = { message: "The file is nested too deeply to be read.", remedy: "Check the brackets." };
    return { root: undefined, issues: [issueAtOffset(source, 0, text)] };
  }
}

function distinctPlaces(errors: readonly ParseError[]): readonly ParseError[] {
  return errors
    .filter((error, index) => errors.findIndex((other) => other.offset === error.offset) === index)
    .slice(0, maximumReportedErrors);
}

function toIssue(source: ConfigSource, error: ParseError): ConfigIssue {
  if (source.text.trim() === "") {
    return issueAtOffset(source, 0, { message: "The file is empty.", remedy: "Write at least {}." });
  }
  const what = words[printParseErrorCode(error.error)] ?? "This is not valid JSON";
  return issueAtOffset(source, error.offset, {
    message: `${what}.`,
    remedy: "Comments and trailing commas are allowed, everything else is plain JSON.",
  });
}
