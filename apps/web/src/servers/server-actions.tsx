"use client";

import { useMutation } from "@tanstack/react-query";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { describeFailure } from "../trpc/describe-failure.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { possibleActions } from "./possible-actions.ts";

/** Start, stop and restart of one server, with what came of them. */
export function ServerActions({ server }: { server: Pick<ServerRecord, "name" | "state"> }) {
  const trpc = useTrpc();
  const start = useMutation(trpc.servers.start.mutationOptions());
  const stop = useMutation(trpc.servers.stop.mutationOptions());
  const restart = useMutation(trpc.servers.restart.mutationOptions());
  const possible = possibleActions(server.state);
  const { name } = server;
  const act = (action: typeof start | typeof stop): void => {
    for (const each of [start, stop, restart]) each.reset();
    action.mutate({ name });
  };
  const failed = [start, stop, restart].find((action) => action.isError);
  return (
    <div className="flex flex-col gap-1">
      <div className="flex gap-1.5">
        {possible.includes("start") && (
          <Button icon="play" label={`Start ${name}`} isPending={start.isPending} onClick={() => act(start)}>
            Start
          </Button>
        )}
        {possible.includes("stop") && (
          <Button
            icon="square"
            label={`Stop ${name}`}
            isPending={stop.isPending}
            isDisabled={server.state === "stopping"}
            onClick={() => act(stop)}
          >
            Stop
          </Button>
        )}
        {possible.includes("restart") && (
          <Button icon="restart" label={`Restart ${name}`} isPending={restart.isPending} onClick={() => act(restart)}>
            Restart
          </Button>
        )}
      </div>
      {failed !== undefined && (
        <p role="alert" className="lg:max-w-40 text-xs text-bad wrap-anywhere">
          {describeFailure(failed.error).message}
        </p>
      )}
    </div>
  );
}
