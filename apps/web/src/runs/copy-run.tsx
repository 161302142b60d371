"use client";

import { useQuery } from "@tanstack/react-query";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { useTrpc } from "../trpc/trpc-context.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { runMarkdown } from "./run-markdown.ts";

/** Copies a run as a text for an issue. */
export function CopyRun({ run }: { run: RunRecord }) {
  const events = useQuery(useTrpc().runs.events.queryOptions({ id: run.id })).data ?? [];
  return <CopyButton text={runMarkdown(run, events)} label="Copy as Markdown, for an issue" words="Copy as Markdown" />;
}
