"use client";

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { ApplyChangeButton } from "../isolation/apply-change-button.tsx";
import { nameChange } from "../isolation/describe-change.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { fixOffer } from "./fix-offer.ts";

/** The one change that would have prevented how the run ended, where one is known and not made yet. */
export function RunFix({ run }: { run: RunRecord }) {
  const servers = useQuery(useTrpc().servers.list.queryOptions()).data ?? [];
  const offer = fixOffer(run, servers);
  // Once offered it stays: applied, it is no longer offered, and its outcome is still to be read.
  const [shown, setShown] = useState(offer);
  if (shown === undefined && offer !== undefined) setShown(offer);
  if (shown === undefined) return null;
  const isServerRunning = servers.some(({ name, run: live }) => name === run.server && live !== null);
  return (
    <ApplyChangeButton server={run.server} change={shown} isServerRunning={isServerRunning}>
      {nameChange(shown)}
    </ApplyChangeButton>
  );
}
