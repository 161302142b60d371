"use client";

import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import type { IsolationFix } from "@mcpproxy/core/plan/finding";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { describeChange, nameChange } from "./describe-change.ts";

export interface ApplyChangeButtonProps {
  readonly server: string;
  readonly change: IsolationFix;
  readonly isServerRunning: boolean;
  /** What the button says; its name for screen readers always tells the change. */
  readonly children: string;
}

/** Writes one change into the config file, says what it will write, and what came of it. */
export function ApplyChangeButton({ server, change, isServerRunning, children }: ApplyChangeButtonProps) {
  const mutation = useMutation(useTrpc().servers.changeIsolation.mutationOptions());
  // As it was at the click: the restart itself passes through states without a run.
  const [wasRunning, setWasRunning] = useState(false);
  const apply = (): void => {
    setWasRunning(isServerRunning);
    mutation.mutate({ name: server, changes: [change] });
  };
  if (mutation.isSuccess) {
    return (
      <p role="status" className="flex items-start gap-1 text-[13px] text-good">
        <Icon name="check" className="mt-0.5 size-3.5" />
        {wasRunning ? "Changed; the server restarts with it." : "Changed; the server starts with it."}
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Button
          icon="pencil"
          label={accessibleName({ server, change, children })}
          isPending={mutation.isPending}
          onClick={apply}
        >
          {children}
        </Button>
        <span className="text-xs text-soft">
          writes <code className="wrap-anywhere text-ink">{describeChange(change)}</code>
        </span>
      </div>
      {mutation.isError && (
        <p role="alert" className="text-xs text-bad wrap-anywhere">
          {describeFailure(mutation.error).message}
        </p>
      )}
    </div>
  );
}

/** Begins with what can be seen, as people who speak to their browser expect. */
function accessibleName({ server, change, children }: Pick<ApplyChangeButtonProps, "server" | "change" | "children">) {
  const order = nameChange(change);
  return children === order ? `${order} for ${server}` : `${children}: ${order} for ${server}`;
}
