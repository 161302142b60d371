/** One thing that is wrong in the config file, with its place and what to do. */
export interface ConfigIssue {
  readonly file: string;
  /** For example "mcpServers[0].isolation.memory_limit"; empty for the file as a whole. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units as editors count. */
  readonly column: number;
  /** The server it belongs to, null for everything global. */
  readonly server: string | null;
  readonly message: string;
  readonly remedy: string | null;
}
