/** An object of JSON as a server sent it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A tool as its server describes it. */
export interface ToolRecord {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject | null;
  readonly annotations: JsonObject;
}

export interface ToolList {
  readonly tools: readonly ToolRecord[];
  /** The run that gave the list. */
  readonly runId: string;
  /** RFC 3339 */
  readonly at: string;
  /** There were more than are kept. */
  readonly isCut: boolean;
}

/** What came of a call that a person made to see what a tool does. */
export type ToolOutcome =
  | {
      readonly kind: "result";
      /** The tool itself says that it failed. */
      readonly isError: boolean;
      readonly content: readonly JsonObject[];
      readonly structuredContent: JsonObject | null;
      readonly durationMs: number;
    }
  | { readonly kind: "error"; readonly code: number; readonly message: string; readonly durationMs: number }
  | { readonly kind: "too-large"; readonly sizeBytes: number; readonly durationMs: number };
