/** What stands between two values: white space, comments and at most one comma. */
export interface Gap {
  /** Offset of the comma, if there is one. */
  readonly commaOffset: number | undefined;
  /** Where the last comment or comma ends; where the gap begins, when it is white space only. */
  readonly contentEnd: number;
  /** Whatever follows a line comment must begin on a new line. */
  readonly endsInLineComment: boolean;
  readonly isBlank: boolean;
}

/** Reads the text between two offsets, neither of which lies in a value. */
export function readGap(text: string, from: number, to: number): Gap {
  let commaOffset: number | undefined;
  let contentEnd = from;
  let endsInLineComment = false;
  for (const { 0: token, index } of text.slice(from, to).matchAll(/\/\/[^\r\n]*|\/\*[^]*?\*\/|,/g)) {
    if (token === ",") commaOffset = from + index;
    contentEnd = from + index + token.length;
    endsInLineComment = token.startsWith("//");
  }
  return { commaOffset, contentEnd, endsInLineComment, isBlank: contentEnd === from };
}
