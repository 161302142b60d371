"use client";

import { useQuery } from "@tanstack/react-query";
import { useTrpc } from "../trpc/trpc-context.ts";
import { QueryFailure } from "../ui/query-failure.tsx";
import { Section } from "../ui/section.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** A server's entry as it stands in the config file. */
export function ServerConfig({ name }: { name: string }) {
  const query = useQuery(useTrpc().servers.configEntry.queryOptions({ name }));
  if (query.data === undefined) {
    if (query.isError)
      return <QueryFailure what="the entry" error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton rows={8} label="Loading the entry" />;
  }
  const { configPath, line, text } = query.data;
  return (
    <Section
      title="Entry in the config file"
      aside={
        <code className="text-xs text-soft wrap-anywhere">
          {configPath}:{line}
        </code>
      }
    >
      <div
        role="region"
        aria-label="Text of the entry"
        tabIndex={0}
        className="overflow-auto rounded-md bg-sunken py-2"
      >
        <ol className="font-mono text-xs leading-5">
          {text.split("\n").map((content, index) => (
            <li key={index} className="grid grid-cols-[3.5rem_minmax(0,1fr)]">
              <span aria-hidden className="pr-3 text-right text-soft tabular-nums select-none">
                {line + index}
              </span>
              <span className="pr-3 wrap-anywhere whitespace-pre-wrap">{content}</span>
            </li>
          ))}
        </ol>
      </div>
      <p className="mt-2 text-xs text-soft">
        Values of <code>env</code> and other secrets are masked. Save the file, and MCPProxy takes it over at once.
      </p>
    </Section>
  );
}
