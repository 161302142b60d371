"use client";

import { describeFailure } from "../trpc/describe-failure.ts";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";

/** What stands in place of content that could not be loaded. */
export function QueryFailure({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  const failure = describeFailure(error);
  if (failure.kind === "signed-out")
    return <EmptyState kind="failed" title="The browser session has ended. Opening the sign-in page…" />;
  return (
    <EmptyState kind="failed" title={`Cannot show ${what}`}>
      <p className="mb-3">{failure.message}</p>
      <Button icon="restart" onClick={onRetry}>
        Try again
      </Button>
    </EmptyState>
  );
}
