import { getNodePath, type Node } from "jsonc-parser";
import type { ConfigIssue } from "./config-issue.ts";

/** The text of a config file and the way from an offset in it to a place that people can find. */
export interface ConfigSource {
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

export interface IssueText {
  readonly message: string;
  readonly remedy: string | null;
}

export function createConfigSource(text: string, file: string): ConfigSource {
  // A byte order mark is no JSON; a space keeps every offset as the editor shows it.
  const clean = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  const lineStarts = [0, ...[...clean.matchAll(/\r\n|\r|\n/g)].map((newline) => newline.index + newline[0].length)];
  return { file, text: clean, lineStarts };
}

/** An issue at a node of the file. */
export function issueAtNode(
  source: ConfigSource,
  at: { readonly node: Node; readonly server: string | null },
  text: IssueText,
): ConfigIssue {
  const path = printPath(getNodePath(at.node));
  return { file: source.file, path, ...positionAt(source, at.node.offset), server: at.server, ...text };
}

/** An issue at an offset, where there is no node. */
export function issueAtOffset(source: ConfigSource, offset: number, text: IssueText): ConfigIssue {
  return { file: source.file, path: "", ...positionAt(source, offset), server: null, ...text };
}

/** Line of a node, counted from 1. */
export function lineOf(source: ConfigSource, node: Node): number {
  return positionAt(source, node.offset).line;
}

function positionAt(source: ConfigSource, offset: number): { line: number; column: number } {
  const line = source.lineStarts.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - (source.lineStarts[line] ?? 0) + 1 };
}

/** Writes a path the way JavaScript does: mcpServers[0].env["MY KEY"]. */
export function printPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((printed, part) => {
    if (typeof part === "number") return `${printed}[${part}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(part)) return `${printed}[${JSON.stringify(part)}]`;
    return printed === "" ? part : `${printed}.${part}`;
  }, "");
}
