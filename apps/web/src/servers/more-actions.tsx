"use client";

import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { Menu } from "../ui/menu.tsx";
import { possibleActions } from "./possible-actions.ts";
import { RestartDialog } from "./restart-dialog.tsx";

/** What is done to a server less often: restart it with a reason, switch it off and on. */
export function MoreActions({ server }: { server: ServerRecord }) {
  const trpc = useTrpc();
  const enable = useMutation(trpc.servers.enable.mutationOptions());
  const disable = useMutation(trpc.servers.disable.mutationOptions());
  const [isAsking, setIsAsking] = useState(false);
  const { name, enabled, state } = server;
  const failed = [enable, disable].find(({ isError }) => isError);
  return (
    <>
      <Menu label="More" align="end">
        <div className="flex flex-col items-start gap-2">
          {possibleActions(state).includes("restart") && (
            <Button icon="restart" onClick={() => setIsAsking(true)}>
              Restart with a reason…
            </Button>
          )}
          {enabled ? (
            <ConfirmButton
              label={`Disable ${name}`}
              question="Stop it, and write it into the config?"
              isPending={disable.isPending}
              onConfirm={() => disable.mutate({ name })}
            >
              Disable
            </ConfirmButton>
          ) : (
            <Button
              icon="check"
              label={`Enable ${name}`}
              isPending={enable.isPending}
              onClick={() => enable.mutate({ name })}
            >
              Enable
            </Button>
          )}
          <p className="max-w-56 text-xs text-soft">
            {enabled
              ? "Disabling writes enabled: false into the config file; comments stay."
              : "Switched off in the config file. Enabling starts it again."}
          </p>
          {failed !== undefined && (
            <p role="alert" className="max-w-56 text-xs text-bad wrap-anywhere">
              {describeFailure(failed.error).message}
            </p>
          )}
        </div>
      </Menu>
      {isAsking && <RestartDialog name={name} onClose={() => setIsAsking(false)} />}
    </>
  );
}
